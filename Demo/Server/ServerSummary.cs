using System.Text.Json.Serialization;
using NetLoop.Demo.Display;
using NetLoop.Demo.Profile;

namespace NetLoop.Demo.Server;

/// <summary>Summary of a server's run.</summary>
/// <param name="Seconds">How long the server ran.</param>
/// <param name="Ticks">Ticks run.</param>
/// <param name="TicksPerSecond">The average.</param>
/// <param name="TicksSkipped">Ticks that were skipped because they would have been too late.</param>
/// <param name="TickTime">How long ticks took, without the first seconds.</param>
/// <param name="TickLateness">How late ticks began, without the first seconds.</param>
/// <param name="Accepted">Connections accepted.</param>
/// <param name="MessagesIn">Messages received, including the engine's own.</param>
/// <param name="MessagesOut">Messages sent, including the engine's own.</param>
/// <param name="BytesIn">Bytes received.</param>
/// <param name="BytesOut">Bytes sent.</param>
/// <param name="AllocatedBytesPerMessage">
/// Bytes allocated by the loop thread for each message in either direction, without the first seconds and messages; null if fewer than 100 messages followed.
/// </param>
/// <param name="Busy">The share of its time that the loop worked: 0 to 1.</param>
/// <param name="Closed">Sessions closed, by reason.</param>
/// <param name="HandlerFaults">Handlers that failed.</param>
/// <param name="ResponsesLost">Requests that were handled but whose responses were not sent, because the server had closed the session.</param>
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
    /// <summary>Steering messages that never arrived because newer ones came in their place; null if the server has no arena.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? SteeringSkipped { get; init; }

    /// <summary>How the server spent its time; null unless requested.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ProfileSummary? Profile { get; init; }

    /// <summary>Formats the summary for people.</summary>
    /// <param name="withLost">Whether to include what was lost; false if another summary does so for both sides.</param>
    public string[] ToLines(bool withLost = true) =>
    [
        $"served {Format.Time(TimeSpan.FromSeconds(Seconds))}: {Format.Count(Ticks)} ticks, {Format.Rate(TicksPerSecond)} a second, {TicksSkipped} "
            + $"skipped; busy {Format.Percent(Busy)}",
        $"tick time {TickTime}; lateness {TickLateness}",
        $"messages {Format.Count(MessagesIn)} in, {Format.Count(MessagesOut)} out; {Format.Bytes(BytesIn)} in, {Format.Bytes(BytesOut)} out; "
            + $"allocated {(AllocatedBytesPerMessage is { } bytes ? Format.BytesEach(bytes) : "-")}",
        $"connections {Format.Count(Accepted)}; closed "
            + $"{(Closed.Count == 0 ? "none" : string.Join(", ", Closed.Select(pair => $"{pair.Key} {pair.Value}")))}{(withLost ? $"; lost {Lost}" : "")}",
        .. SteeringSkipped > 0 ? [$"steering skipped {Format.Count(SteeringSkipped.Value)}: newer messages arrived in their place"] : Array.Empty<string>(),
        .. Profile?.ToLines() ?? [],
    ];
}
