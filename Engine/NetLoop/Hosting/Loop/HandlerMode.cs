namespace NetLoop;

/// <summary>Where handlers and ticks run.</summary>
public enum HandlerMode
{
    /// <summary>On the loop thread. Handlers, ticks and network share one thread and need no locks; handlers must not block.</summary>
    Loop,

    /// <summary>On a thread of their own: a slow handler delays other handlers and ticks, but not the network. Sends cross the command queue.</summary>
    Dedicated,
}
