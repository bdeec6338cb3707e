namespace NetLoop.Messaging;

/// <summary>Takes encoded bodies to send: a session.</summary>
/// <remarks>Thread: loop.</remarks>
internal interface ISendTarget
{
    /// <param name="body">Copied before the call returns.</param>
    void SendEncoded(ReadOnlySpan<byte> body);
}
