namespace NetLoop;

/// <summary>Thrown when a handler, a tick, or a continuation of either threw on a simulated host. The inner exception is the original one.</summary>
/// <remarks>A real server survives this and logs it; a test must see it.</remarks>
public sealed class HandlerFaultException : Exception
{
    internal HandlerFaultException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
