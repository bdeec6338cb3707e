namespace NetLoop.Worlds;

/// <summary>The reference of one delivery on one channel in one direction: which bodies were sent, and which arrived.</summary>
internal sealed class LaneRecord(Delivery delivery)
{
    private const int WordBits = 64;

    // One bit for each body that has arrived.
    private ulong[] _arrived = new ulong[16];
    private long _newest = -1;

    /// <summary>Number of bodies that the sender has queued.</summary>
    public long Sent { get; set; }

    /// <summary>Number of bodies that have arrived.</summary>
    public long Arrived { get; private set; }

    public Delivery Delivery => delivery;

    public bool IsReliable => delivery is Delivery.ReliableOrdered or Delivery.ReliableUnordered;

    /// <summary>Whether everything that must arrive has.</summary>
    public bool IsComplete => !IsReliable || Arrived == Sent;

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
                return TryMark(number) ? null : "came twice";
        }
    }

    private bool TryMark(long number)
    {
        int word = (int)(number / WordBits);
        if (word >= _arrived.Length)
        {
            Array.Resize(ref _arrived, Math.Max(word + 1, 2 * _arrived.Length));
        }

        ulong bit = 1UL << (int)(number % WordBits);
        bool isNew = (_arrived[word] & bit) == 0;
        _arrived[word] |= bit;
        return isNew;
    }
}
