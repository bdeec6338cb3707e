namespace NetLoop.Diagnostics;

/// <summary>Names of the tags of activities. Those without the prefix <c>netloop</c> are from OpenTelemetry's semantic conventions.</summary>
internal static class ActivityTags
{
    /// <summary>The name of the close reason, or the number of the error code; only on activities that failed.</summary>
    public const string ErrorType = "error.type";

    /// <summary>The endpoint of the listener, or the one that the client connects to.</summary>
    public const string Endpoint = "netloop.endpoint";

    /// <summary>The number of the request's type.</summary>
    public const string MessageType = "netloop.message.type";

    /// <summary>The number of the session.</summary>
    public const string SessionId = "netloop.session.id";

    /// <summary>The address of the other side, or the path of its Unix socket.</summary>
    public const string PeerAddress = "network.peer.address";

    /// <summary>The port of the other side.</summary>
    public const string PeerPort = "network.peer.port";

    /// <summary><c>tcp</c> or <c>unix</c>.</summary>
    public const string Transport = "network.transport";

    /// <summary>The name of the request's type.</summary>
    public const string RpcMethod = "rpc.method";

    /// <summary>The error code of the response; only if there is one.</summary>
    public const string RpcStatusCode = "rpc.response.status_code";

    /// <summary><c>netloop</c>.</summary>
    public const string RpcSystem = "rpc.system.name";
}
