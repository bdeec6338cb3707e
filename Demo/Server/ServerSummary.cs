using System.Text.Json.Serialization;
using NetLoop.Demo.Display;
using NetLoop.Demo.Profile;

namespace NetLoop.Demo.Server;

/// <summary>How a server's run went.</summary>
/// <param name="Seconds">How long it served.</param>
/// <param name="Ticks">Ticks run.</param>
/// <param name="TicksPerSecond">On average.</param>
/// <param name="TicksSkipped">Ticks that would have been too late.</param>
/// <param name="TickTime">How long ticks took, the first seconds left out.</param>
/// <param name="TickLateness">How late ticks began, the first seconds left out.</param>
/// <param name="Accepted">Connections accepted.</param>
/// <param name="MessagesIn">Messages received, those of the engine included.</param>
/// <param name="MessagesOut">Messages sent, those of the engine included.</param>
/// <param name="BytesIn">Bytes received.</param>
/// <param name="BytesOut">Bytes sent.</param>
/// <param name="AllocatedBytesPerMessage">
/// Bytes allocated by the loop thread for each message in either direction, after the first seconds and messages; null when there were fewer than 100 then.
/// </param>
/// <param name="Busy">The share of its time that the loop worked: 0 to 1.</param>
/// <param name="Closed">Sessions closed, by reason.</param>
/// <param name="HandlerFaults">Handlers that failed.</param>
/// <param name="ResponsesLost">Requests that were handled and whose responses nobody got, because the server had closed the session.</param>
/// <param name="Lost">Messages that never arrived, handlers that failed, and lost responses.</param>
internal sealed record ServerSummary(
    double Seconds,
    long Ticks,
    double TicksPerSecond,
    long TicksSkipped,
    LatencySummary TickTime,
    LatencySummary TickLateness,
    long Accepted,
    long MessagesIn,
    long MessagesOut,
    long BytesIn,
    long BytesOut,
    double? AllocatedBytesPerMessage,
    double Busy,
    IReadOnlyDictionary<string, long> Closed,
    long HandlerFaults,
    long ResponsesLost,
    long Lost)
{
    /// <summary>Where the time went; null unless that was asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ProfileSummary? Profile { get; init; }

    /// <summary>The same for people.</summary>
    /// <param name="withLost">Whether to say what was lost; false when another summary says it for both.</param>
    public string[] ToLines(bool withLost = true) =>
    [
        $"served {Format.Time(TimeSpan.FromSeconds(Seconds))}: {Format.Count(Ticks)} ticks, {Format.Rate(TicksPerSecond)} a second, {TicksSkipped} "
            + $"skipped; busy {Format.Percent(Busy)}",
        $"tick time {TickTime}; lateness {TickLateness}",
        $"messages {Format.Count(MessagesIn)} in, {Format.Count(MessagesOut)} out; {Format.Bytes(BytesIn)} in, {Format.Bytes(BytesOut)} out; "
            + $"allocated {(AllocatedBytesPerMessage is { } bytes ? Format.BytesEach(bytes) : "-")}",
        $"connections {Format.Count(Accepted)}; closed "
            + $"{(Closed.Count == 0 ? "none" : string.Join(", ", Closed.Select(pair => $"{pair.Key} {pair.Value}")))}{(withLost ? $"; lost {Lost}" : "")}",
        .. Profile?.ToLines() ?? [],
    ];
}
