namespace NetLoop;

/// <summary>Identifies a socket in the poller's events: a slot and the generation that it had when the socket was registered.</summary>
/// <param name="Slot">0 to 2^31-1.</param>
/// <param name="Generation">Changes whenever the slot is reused, so that a late event for the former owner is recognized and ignored.</param>
public readonly record struct Token(int Slot, uint Generation)
{
    /// <summary>The token as one number, for kernels that carry 64 bits of user data with an event.</summary>
    public ulong Pack() => ((ulong)Generation << 32) | (uint)Slot;

    /// <summary>Unpacks a token from the result of <see cref="Pack"/>.</summary>
    public static Token Unpack(ulong packed) => new((int)(uint)packed, (uint)(packed >> 32));
}
