namespace NetLoop.Transports.Datagrams.Netcode;

/// <summary>The connect tokens that clients have shown, so that each is used once, and from one address.</summary>
/// <remarks>
/// Thread: one at a time. A token is remembered for as long as it could be used. When there is no room, new tokens are refused: forgetting one would let a
/// stolen copy in. Only holders of authentic tokens reach this table.
/// </remarks>
internal sealed class UsedTokens(int maxTokens)
{
    private readonly Dictionary<UInt128, Use> _uses = [];
    private readonly List<UInt128> _expired = [];

    public int Count => _uses.Count;

    /// <summary>Records that a client at an address shows a token.</summary>
    /// <param name="mac">The authentication code of its private part, which identifies it.</param>
    /// <param name="from">The address.</param>
    /// <param name="expires">Until when to remember it, in Unix seconds.</param>
    /// <param name="unixSeconds">Now.</param>
    /// <returns>False if it was shown from another address, is used up, or cannot be remembered.</returns>
    public bool TryShow(UInt128 mac, in DatagramAddress from, ulong expires, long unixSeconds)
    {
        if (_uses.TryGetValue(mac, out Use use))
        {
            return !use.IsUsedUp && use.From == from;
        }

        if (_uses.Count >= maxTokens)
        {
            ForgetExpired(unixSeconds);
            if (_uses.Count >= maxTokens)
            {
                return false;
            }
        }

        _uses.Add(mac, new Use(from, expires, IsUsedUp: false));
        return true;
    }

    /// <summary>Records that a token opens its connection, and opens no other.</summary>
    /// <returns>False if it has opened one before, or is not remembered any more.</returns>
    public bool TryUseUp(UInt128 mac)
    {
        if (!_uses.TryGetValue(mac, out Use use) || use.IsUsedUp)
        {
            return false;
        }

        _uses[mac] = use with { IsUsedUp = true };
        return true;
    }

    private void ForgetExpired(long unixSeconds)
    {
        foreach ((UInt128 mac, Use use) in _uses)
        {
            if (use.Expires <= (ulong)unixSeconds)
            {
                _expired.Add(mac);
            }
        }

        foreach (UInt128 mac in _expired)
        {
            _uses.Remove(mac);
        }

        _expired.Clear();
    }

    private readonly record struct Use(DatagramAddress From, ulong Expires, bool IsUsedUp);
}
