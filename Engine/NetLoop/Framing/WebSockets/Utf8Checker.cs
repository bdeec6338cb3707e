using System.Text.Unicode;

namespace NetLoop.Framing.WebSockets;

/// <summary>Checks text that arrives in pieces, and fails at the first byte that makes it invalid.</summary>
/// <remarks>
/// Source: Unicode, table 3-7: the second bytes allowed after each lead byte exclude overlong forms, surrogates and code points above U+10FFFF.
/// </remarks>
internal struct Utf8Checker
{
    // Number of missing continuation bytes, and the range of the next.
    private int _missing;
    private byte _lowest;
    private byte _highest;

    /// <summary>Whether the text may end here.</summary>
    public readonly bool IsAtBoundary => _missing == 0;

    /// <summary>Checks the next piece.</summary>
    /// <returns>False if no further bytes could make the text valid.</returns>
    public bool TryAdvance(ReadOnlySpan<byte> piece)
    {
        int start = 0;
        while (_missing > 0 && start < piece.Length)
        {
            if (!TryStep(piece[start++]))
            {
                return false;
            }
        }

        // Check most of the piece with vectors. A character that is cut at the end is checked byte by byte.
        int whole = LengthOfWholeCharacters(piece[start..]) + start;
        if (!Utf8.IsValid(piece[start..whole]))
        {
            return false;
        }

        foreach (byte next in piece[whole..])
        {
            if (!TryStep(next))
            {
                return false;
            }
        }

        return true;
    }

    private static int LengthOfWholeCharacters(ReadOnlySpan<byte> bytes)
    {
        // A lead byte among the last three may announce more bytes than the piece has.
        for (int back = 1; back <= 3 && back <= bytes.Length; back++)
        {
            byte lead = bytes[^back];
            if (lead >= 0xC0)
            {
                int announced = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
                return announced > back ? bytes.Length - back : bytes.Length;
            }

            if (lead < 0x80)
            {
                break;
            }
        }

        return bytes.Length;
    }

    private bool TryStep(byte next)
    {
        if (_missing > 0)
        {
            bool fits = next >= _lowest && next <= _highest;
            Expect(_missing - 1);
            return fits;
        }

        switch (next)
        {
            case < 0x80:
                return true;
            case >= 0xC2 and <= 0xDF:
                Expect(1);
                return true;
            case >= 0xE0 and <= 0xEF:
                Expect(2, lowest: next == 0xE0 ? (byte)0xA0 : (byte)0x80, highest: next == 0xED ? (byte)0x9F : (byte)0xBF);
                return true;
            case >= 0xF0 and <= 0xF4:
                Expect(3, lowest: next == 0xF0 ? (byte)0x90 : (byte)0x80, highest: next == 0xF4 ? (byte)0x8F : (byte)0xBF);
                return true;
            default:
                return false;
        }
    }

    private void Expect(int missing, byte lowest = 0x80, byte highest = 0xBF)
    {
        _missing = missing;
        _lowest = lowest;
        _highest = highest;
    }
}
