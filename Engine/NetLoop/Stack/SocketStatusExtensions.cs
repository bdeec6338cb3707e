namespace NetLoop.Stack;

/// <summary>The one place where socket statuses are classified.</summary>
internal static class SocketStatusExtensions
{
    /// <summary>Classifies the status of a receive, send, accept or connect.</summary>
    /// <remarks>Thread: any. Errors: none.</remarks>
    public static FailureClass Classify(this SocketStatus status) => status switch
    {
        SocketStatus.Ok => FailureClass.None,

        SocketStatus.WouldBlock or
        SocketStatus.Interrupted or
        SocketStatus.InProgress or
        SocketStatus.TooManyFiles or
        SocketStatus.NoBuffers => FailureClass.Transient,

        SocketStatus.ConnectionReset or
        SocketStatus.ConnectionAborted or
        SocketStatus.ConnectionRefused or
        SocketStatus.TimedOut or
        SocketStatus.BrokenPipe or
        SocketStatus.NotConnected or
        SocketStatus.Unreachable or
        SocketStatus.ProtocolError or
        SocketStatus.Other => FailureClass.ConnectionLost,

        _ => FailureClass.Fatal,
    };
}
