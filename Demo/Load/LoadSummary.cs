using System.Globalization;
using NetLoop.Demo.Display;

namespace NetLoop.Demo.Load;

/// <summary>What a load measured.</summary>
/// <param name="Connections">How many there were.</param>
/// <param name="InFlight">Messages of a connection on their way at a time; 0 in the open loop.</param>
/// <param name="Rate">Messages a second that were asked for; 0 in the closed loop.</param>
/// <param name="FrameBytes">Bytes of one message with its frame.</param>
/// <param name="Seconds">How long it was measured.</param>
/// <param name="Messages">Messages that came back.</param>
/// <param name="MessagesPerSecond">On average.</param>
/// <param name="RoundTrip">From sending a message (in the open loop: from when it was due) until it was back.</param>
/// <param name="GeneratorCores">Processor time of this program for each second.</param>
/// <param name="ServerCores">Processor time of the server for each second; null when its process was not named.</param>
/// <param name="ServerMicrosecondsPerMessage">Processor time of the server for each message; null when its process was not named.</param>
/// <param name="Lost">Connections that ended before the load did.</param>
/// <param name="Wrong">Receives whose bytes were not those sent; counted with --verify only.</param>
/// <param name="HeldBack">Messages of the open loop that were never sent because the server was too far behind.</param>
/// <param name="FirstFault">What went wrong first.</param>
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
    /// <summary>Whether everything that was sent is on its way or came back as it was.</summary>
    public bool IsClean => Lost == 0 && Wrong == 0 && HeldBack == 0 && Messages > 0;

    /// <summary>The same for people.</summary>
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
