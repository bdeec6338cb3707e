namespace NetLoop.Transports.Datagrams.Netcode;

/// <summary>Remembers which of the newest 256 packets have arrived, so that a copy of one is dropped.</summary>
/// <remarks>
/// Check before decrypting, and accept only after the packet has proved authentic: a forged number must not move the window. Distances are computed by
/// subtraction from the newest number, so the top of the number range does not overflow.
/// </remarks>
internal struct ReplayWindow
{
    /// <summary>Number of packets that are remembered.</summary>
    public const int Size = 256;

    private const int WordBits = 64;

    private Words _words;
    private ulong _newest;
    private bool _hasAny;

    /// <summary>Whether a packet is too old or has arrived before.</summary>
    public readonly bool IsReplay(ulong sequence)
    {
        if (!_hasAny || sequence > _newest)
        {
            return false;
        }

        return _newest - sequence >= Size || (_words[Word(sequence)] & Bit(sequence)) != 0;
    }

    /// <summary>Records an authentic packet that is not a replay.</summary>
    public void Accept(ulong sequence)
    {
        if (!_hasAny)
        {
            _hasAny = true;
            _newest = sequence;
        }
        else if (sequence > _newest)
        {
            ClearAbove(_newest, sequence);
            _newest = sequence;
        }

        _words[Word(sequence)] |= Bit(sequence);
    }

    /// <summary>Clears the bits of the numbers that enter the window.</summary>
    private void ClearAbove(ulong from, ulong to)
    {
        if (to - from >= Size)
        {
            _words = default;
            return;
        }

        for (ulong number = from + 1; number != to; number++)
        {
            _words[Word(number)] &= ~Bit(number);
        }

        _words[Word(to)] &= ~Bit(to);
    }

    private static int Word(ulong sequence) => (int)(sequence / WordBits % (Size / WordBits));

    private static ulong Bit(ulong sequence) => 1UL << (int)(sequence % WordBits);

    [System.Runtime.CompilerServices.InlineArray(Size / WordBits)]
    private struct Words
    {
        private ulong _first;
    }
}
