namespace NetLoop.Worlds;

/// <summary>Everything that belongs to one connect token: who may use it, and what was said in both directions.</summary>
internal sealed class Conversation
{
    public const int Channels = 2;
    private const int Deliveries = 4;

    private readonly LaneRecord[] _toServer = Lanes();
    private readonly LaneRecord[] _toClient = Lanes();

    /// <summary>Its number, which is in the user data of its token.</summary>
    public required long Number { get; init; }

    public required DatagramClient Client { get; init; }

    /// <summary>Addresses from which its client has sent.</summary>
    public HashSet<DatagramAddress> Addresses { get; } = [];

    /// <summary>The server's end; null while it is not connected.</summary>
    public DatagramEnd? ServerEnd { get; set; }

    /// <summary>Number of times that the server has seen it connect.</summary>
    public int Connected { get; set; }

    /// <summary>Whether everything that must arrive has arrived on both sides.</summary>
    public bool IsComplete => Array.TrueForAll(_toServer, static lane => lane.IsComplete) && Array.TrueForAll(_toClient, static lane => lane.IsComplete);

    public LaneRecord LaneOf(bool isToServer, Delivery delivery, int channel) => (isToServer ? _toServer : _toClient)[(channel * Deliveries) + (int)delivery];

    /// <summary>The state of what is missing, for a report.</summary>
    public override string ToString() =>
        $"conversation {Number}: to the server {Missing(_toServer)}, to the client {Missing(_toClient)}; the server has {ServerEnd}, the client {Client.End}";

    private static string Missing(LaneRecord[] lanes) => string.Join(' ', lanes.Select(static lane => $"{lane.Arrived}/{lane.Sent}"));

    private static LaneRecord[] Lanes() => [.. Enumerable.Range(0, Channels * Deliveries).Select(static i => new LaneRecord((Delivery)(i % Deliveries)))];
}
