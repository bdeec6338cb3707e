using NetLoop.Sending;

namespace NetLoop.Messaging;

/// <summary>Receives encoded bodies to send: a session.</summary>
/// <remarks>Thread: loop.</remarks>
internal interface ISendTarget
{
    /// <param name="body">The body, which is copied before the call returns.</param>
    /// <param name="mode">How it is sent.</param>
    void SendEncoded(ReadOnlySpan<byte> body, SendMode mode);
}
