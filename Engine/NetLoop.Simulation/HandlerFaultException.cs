namespace NetLoop;

/// <summary>Application code threw on a simulated host: a handler, a tick, or what followed an await in one. The inner exception is what it threw.</summary>
/// <remarks>A running server survives this and logs it; a test has to see it.</remarks>
public sealed class HandlerFaultException : Exception
{
    internal HandlerFaultException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
