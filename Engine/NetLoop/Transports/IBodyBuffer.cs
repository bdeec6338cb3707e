namespace NetLoop.Transports;

/// <summary>Memory for the body that a connection's <see cref="Connection.BeginBody"/> began.</summary>
internal interface IBodyBuffer : IWriteBuffer
{
    /// <summary>Whether the body begun last could not grow because the pool was exhausted, rather than because the body is too long.</summary>
    bool FoundPoolExhausted { get; }
}
