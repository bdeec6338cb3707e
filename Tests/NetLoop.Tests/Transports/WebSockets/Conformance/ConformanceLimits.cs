using NetLoop.Framing.WebSockets;
using NetLoop.Transports.Streams;
using NetLoop.Transports.WebSockets;

namespace NetLoop.Tests.Transports.WebSockets.Conformance;

/// <summary>Limits that are high enough for every case of the suite: messages of 16 MiB, 65,536 fragments, ten pings at a time.</summary>
internal static class ConformanceLimits
{
    public const int MaxMessageBytes = 16 << 20;

    public static readonly StreamLimits Stream = new(
        MaxSendQueueBytes: 64 << 20, MaxSendQueueBodies: 1 << 20, DialTimeout: 10_000_000_000, CloseTimeout: 5_000_000_000);

    public static WebSocketSettings For(WebSocketRole role, string host = "") => new(
        role,
        UpgradePolicy.SameHost,
        host,
        Target: "/",
        Origin: null,
        MaxFragments: 1 << 17,
        MaxPendingPongs: 16,
        AcceptsText: true,
        SendsText: false,
        UpgradeTimeout: 10_000_000_000);
}
