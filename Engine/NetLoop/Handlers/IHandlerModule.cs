namespace NetLoop;

/// <summary>Handlers that belong together: a chat, a shop, the movement of one game. Registered with <see cref="HandlerTable.Use"/>.</summary>
public interface IHandlerModule
{
    /// <summary>Registers the module's handlers.</summary>
    void Register(HandlerTable handlers);
}
