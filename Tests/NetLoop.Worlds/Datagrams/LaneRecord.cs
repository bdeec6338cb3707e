namespace NetLoop.Worlds;

/// <summary>The reference of one delivery on one channel in one direction: which bodies were sent, and which arrived.</summary>
internal sealed class LaneRecord(Delivery delivery)
{
    private readonly HashSet<long> _arrived = [];
    private long _newest = -1;

    /// <summary>Number of bodies that the sender has queued.</summary>
    public long Sent { get; set; }

    /// <summary>Number of bodies that have arrived.</summary>
    public long Arrived { get; private set; }

    /// <summary>Whether everything that must arrive has.</summary>
    public bool IsComplete => delivery is Delivery.Unreliable or Delivery.Sequenced || Arrived == Sent;

    /// <summary>Records an arrival.</summary>
    /// <returns>The promise that it breaks; null if it breaks none.</returns>
    public string? Arrive(long number)
    {
        Arrived++;
        if (number < 0 || number >= Sent)
        {
            return "was never sent";
        }

        switch (delivery)
        {
            case Delivery.ReliableOrdered:
                return number == Arrived - 1 ? null : $"came after {Arrived - 1} others";

            case Delivery.Sequenced:
                bool isNewer = number > _newest;
                _newest = Math.Max(_newest, number);
                return isNewer ? null : $"came after number {_newest}";

            default:
                return _arrived.Add(number) ? null : "came twice";
        }
    }
}
