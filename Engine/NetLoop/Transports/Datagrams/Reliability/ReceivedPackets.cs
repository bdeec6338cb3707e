using System.Buffers.Binary;

namespace NetLoop.Transports.Datagrams.Reliability;

/// <summary>Which packets have arrived: the newest one, and the 255 before it.</summary>
/// <remarks>
/// On the wire, an acknowledgement has the newest number and 64 to 256 bits for the numbers before it: enough for the packets that have arrived since the last
/// one, and at least 64, so that each packet is acknowledged several times.
/// </remarks>
internal struct ReceivedPackets
{
    /// <summary>Most words of bits in an acknowledgement.</summary>
    public const int MaxWords = 4;

    private const int WordBits = 64;

    private Words _bits;

    /// <summary>The newest packet; -1 before the first.</summary>
    public long Newest { get; private set; } = -1;

    public ReceivedPackets()
    {
    }

    /// <summary>Whether a packet has arrived before.</summary>
    public readonly bool IsKnown(long number)
    {
        long back = Newest - number;
        return back == 0 || (back > 0 && !IsTooOld(number) && (_bits[(int)(back - 1) / WordBits] & (1UL << (int)((back - 1) % WordBits))) != 0);
    }

    /// <summary>Whether a packet is so old that nothing is known of it.</summary>
    public readonly bool IsTooOld(long number) => Newest - number > MaxWords * WordBits;

    /// <summary>Records a packet.</summary>
    /// <returns>False if it arrived before, or is too old to tell.</returns>
    public bool TryAdd(long number)
    {
        if (number > Newest)
        {
            long ahead = number - Newest;
            Shift(Newest < 0 ? 0 : ahead);
            Newest = number;
            return true;
        }

        long back = Newest - number;
        if (back == 0 || back > MaxWords * WordBits)
        {
            return false;
        }

        int index = (int)back - 1;
        ulong bit = 1UL << (index % WordBits);
        bool isNew = (_bits[index / WordBits] & bit) == 0;
        _bits[index / WordBits] |= bit;
        return isNew;
    }

    /// <summary>Writes the bits.</summary>
    public readonly void Write(Span<byte> bytes, int words)
    {
        for (int i = 0; i < words; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes[(i * 8)..], _bits[i]);
        }
    }

    private void Shift(long ahead)
    {
        // The former newest becomes the bit of the number before the new one.
        if (ahead == 0)
        {
            return;
        }

        if (ahead > MaxWords * WordBits)
        {
            _bits = default;
            return;
        }

        int words = (int)(ahead / WordBits);
        int bits = (int)(ahead % WordBits);
        for (int i = MaxWords - 1; i >= 0; i--)
        {
            int from = i - words;
            ulong value = from >= 0 ? _bits[from] << bits : 0;
            if (bits > 0 && from - 1 >= 0)
            {
                value |= _bits[from - 1] >> (WordBits - bits);
            }

            _bits[i] = value;
        }

        int index = (int)ahead - 1;
        _bits[index / WordBits] |= 1UL << (index % WordBits);
    }

    [System.Runtime.CompilerServices.InlineArray(MaxWords)]
    private struct Words
    {
        private ulong _first;
    }
}
