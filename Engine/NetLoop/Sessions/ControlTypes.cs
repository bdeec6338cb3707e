namespace NetLoop.Sessions;

/// <summary>Message types of the engine. Source: Engine/PROTOCOL.md, section 4.</summary>
internal static class ControlTypes
{
    public const int Version = 1;
    public const int Hello = 1;
    public const int Ping = 2;
    public const int Goodbye = 3;
    public const int ConnectToken = 4;
    public const int FirstOfApplication = 64;

    /// <summary>Feature bit: this side reads trace contexts in requests.</summary>
    public const uint ReadsTraceContext = 1;

    /// <summary>Feature bit of a client: it sends trace contexts, and asks whether the server reads them.</summary>
    public const uint SendsTraceContext = 2;
}

/// <summary>The first request of a client.</summary>
[NetMessage(ControlTypes.Hello)]
internal readonly partial record struct Hello(
    [property: Key(0)] int Version,
    [property: Key(1)] ulong Fingerprint,
    [property: Key(2)] byte[]? Token,
    [property: Key(3)] byte[]? Resume,
    [property: Key(4)] uint Features);

/// <summary>The server's response, which opens the session.</summary>
[NetContract]
internal readonly partial record struct Welcome(
    [property: Key(0)] ulong SessionId,
    [property: Key(1)] int TickRate,
    [property: Key(2)] long Tick,
    [property: Key(3)] byte[]? ResumeToken,
    [property: Key(4)] int MaxBodyBytes,
    [property: Key(5)] uint Features);

/// <summary>A request for the peer's clock.</summary>
[NetMessage(ControlTypes.Ping)]
internal readonly partial record struct Ping([property: Key(0)] ulong ClientTime);

/// <summary>The response to Ping.</summary>
[NetContract]
internal readonly partial record struct Pong(
    [property: Key(0)] ulong ClientTime,
    [property: Key(1)] long Tick,
    [property: Key(2)] ulong ServerTime);

/// <summary>The last body before a side closes the session.</summary>
[NetMessage(ControlTypes.Goodbye)]
internal readonly partial record struct Goodbye(
    [property: Key(0)] int Reason,
    [property: Key(1)] string Text);

/// <summary>The first request of a client that wants to connect over UDP: asks for a token with which the server lets it.</summary>
[NetMessage(ControlTypes.ConnectToken)]
internal readonly partial record struct ConnectTokenRequest(
    [property: Key(0)] int Version,
    [property: Key(1)] ulong Fingerprint,
    [property: Key(2)] byte[]? Token,
    [property: Key(3)] string Endpoint);

/// <summary>The server's response: a public connect token of netcode 1.02.</summary>
[NetContract]
internal readonly partial record struct ConnectTokenResponse([property: Key(0)] byte[]? Token);
