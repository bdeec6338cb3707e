using System.Globalization;
using NetLoop.Demo.Display;

namespace NetLoop.Demo.Load;

/// <summary>The result of a load test.</summary>
/// <param name="Connections">Number of connections.</param>
/// <param name="InFlight">Messages in flight on each connection; 0 in the open loop.</param>
/// <param name="Rate">Requested messages a second; 0 in the closed loop.</param>
/// <param name="FrameBytes">Size of one message with its frame.</param>
/// <param name="Seconds">Duration of the measurement.</param>
/// <param name="Messages">Messages that came back.</param>
/// <param name="MessagesPerSecond">The average.</param>
/// <param name="RoundTrip">Time from sending a message (in the open loop: from when it was due) until it came back.</param>
/// <param name="GeneratorCores">Processor seconds of this program for each second.</param>
/// <param name="ServerCores">Processor seconds of the server for each second; null if its process was not named.</param>
/// <param name="ServerMicrosecondsPerMessage">Processor time of the server for each message; null if its process was not named.</param>
/// <param name="Lost">Connections that ended before the load test did.</param>
/// <param name="Wrong">Receives whose bytes differed from those sent; counted only with --verify.</param>
/// <param name="HeldBack">Messages of the open loop that were not sent, because the server was too far behind.</param>
/// <param name="FirstFault">Describes the first fault; null if there was none.</param>
internal sealed record LoadSummary(
    int Connections,
    int InFlight,
    int Rate,
    int FrameBytes,
    double Seconds,
    long Messages,
    double MessagesPerSecond,
    LatencySummary RoundTrip,
    double GeneratorCores,
    double? ServerCores,
    double? ServerMicrosecondsPerMessage,
    int Lost,
    long Wrong,
    long HeldBack,
    string? FirstFault)
{
    /// <summary>Whether everything that was sent came back unchanged, or is still in flight.</summary>
    public bool IsClean => Lost == 0 && Wrong == 0 && HeldBack == 0 && Messages > 0;

    /// <summary>Formats the summary for people.</summary>
    public IEnumerable<string> ToLines()
    {
        string pace = Rate > 0 ? $"{Format.Count(Rate)} messages a second" : $"{Format.Count(InFlight)} in flight";
        yield return $"{Format.Count(Connections)} connections, {pace}, {Format.Count(FrameBytes)} bytes each, for "
            + $"{Format.Time(TimeSpan.FromSeconds(Seconds))}";
        yield return $"{Format.Rate(MessagesPerSecond)} messages/s, {Format.Bytes(MessagesPerSecond * FrameBytes)}/s each way; round trip {RoundTrip}";
        yield return ServerCores is { } cores
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"server {cores:0.00} of a core, {ServerMicrosecondsPerMessage:0.00} us a message; generator {GeneratorCores:0.00} of a core")
            : string.Create(CultureInfo.InvariantCulture, $"generator {GeneratorCores:0.00} of a core");
        yield return $"lost connections {Lost}; wrong {Wrong}; held back {Format.Count(HeldBack)}{(FirstFault is null ? "" : $"; first: {FirstFault}")}";
    }
}
