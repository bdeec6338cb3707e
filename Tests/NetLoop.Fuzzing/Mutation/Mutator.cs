namespace NetLoop.Fuzzing.Mutation;

/// <summary>Changes an input: at random, byte by byte, and at the beginnings of values, as somebody with knowledge of MessagePack would.</summary>
internal sealed class Mutator(FuzzRandom random)
{
    private const int MaxRun = 200;

    private readonly InputBuffer _piece = new();
    private readonly MessagePackScan _scan = new();

    /// <summary>Makes one change.</summary>
    /// <param name="input">The input; may be empty.</param>
    /// <param name="other">Another input, from which pieces may be taken.</param>
    /// <param name="generate">Writes something of the target's grammar.</param>
    public void Change(InputBuffer input, ReadOnlySpan<byte> other, Action<InputBuffer, FuzzRandom> generate)
    {
        if (input.Length == 0)
        {
            generate(input, random);
            return;
        }

        switch (random.Below(14))
        {
            case 0:
                input.Editable[random.Below(input.Length)] ^= (byte)(1 << random.Below(8));
                break;
            case 1:
                input.Editable[random.Below(input.Length)] = random.NextByte();
                break;
            case 2:
                OverwriteNumber(input);
                break;
            case 3:
                int from = random.Below(input.Length);
                input.Remove(from, 1 + random.Below(Math.Min(16, input.Length - from)));
                break;
            case 4:
                input.Truncate(random.Below(input.Length));
                break;
            case 5:
                InsertRun(input);
                break;
            case 6:
                InsertPartOf(input, input.Written);
                break;
            case 7:
                InsertPartOf(input, other);
                break;
            case 8:
                _piece.Clear();
                generate(_piece, random);
                input.Insert(random.Below(input.Length + 1), _piece.Written);
                break;
            case 9:
                ReplaceValue(input);
                break;
            case 10:
                _piece.Clear();
                MessagePackGrammar.AddValue(_piece, random);
                input.Insert(ValueStart(input), _piece.Written);
                break;
            case 11:
                WrapValue(input);
                break;
            case 12:
                LieAboutCount(input);
                break;
            default:
                // Appends the end of the other input to the beginning of this one.
                int cut = random.Below(input.Length);
                input.Truncate(cut);
                input.Add(other[Math.Min(cut, other.Length)..]);
                break;
        }
    }

    private int ValueStart(InputBuffer input)
    {
        // Values often come after something else, such as a selector or the length of a frame.
        int offset = Math.Min(random.Below(3) * 2, input.Length - 1);
        _scan.Walk(input.Written[offset..], DecodeLimits.MaxDepthCeiling);
        return offset + _scan.Starts[random.Below(_scan.Values)];
    }

    private void OverwriteNumber(InputBuffer input)
    {
        int at = random.Below(input.Length);
        int width = 1 << random.Below(4);
        _piece.Clear();
        _piece.AddBigEndian(MessagePackGrammar.Number(random), width);
        ReadOnlySpan<byte> number = _piece.Written[..Math.Min(width, input.Length - at)];
        number.CopyTo(input.Editable[at..]);
    }

    private void InsertRun(InputBuffer input)
    {
        byte value = random.OneIn(2) ? (byte)0x91 : random.NextByte();
        Span<byte> run = stackalloc byte[1 + random.Below(MaxRun)];
        run.Fill(value);
        input.Insert(random.Below(input.Length + 1), run);
    }

    private void InsertPartOf(InputBuffer input, ReadOnlySpan<byte> source)
    {
        if (source.IsEmpty)
        {
            return;
        }

        int from = random.Below(source.Length);
        _piece.Clear();
        _piece.Add(source.Slice(from, 1 + random.Below(source.Length - from)));
        input.Insert(random.Below(input.Length + 1), _piece.Written);
    }

    private void ReplaceValue(InputBuffer input)
    {
        int at = ValueStart(input);
        _scan.Walk(input.Written[at..], DecodeLimits.MaxDepthCeiling);
        input.Remove(at, _scan.Status == DecodeStatus.Ok ? _scan.End : 1);
        _piece.Clear();
        MessagePackGrammar.AddValue(_piece, random);
        input.Insert(at, _piece.Written);
    }

    private void WrapValue(InputBuffer input)
    {
        int at = ValueStart(input);
        Span<byte> levels = stackalloc byte[1 + random.Below(random.OneIn(4) ? MaxRun : 8)];
        levels.Fill(0x91);
        input.Insert(at, levels);
    }

    private void LieAboutCount(InputBuffer input)
    {
        int at = ValueStart(input);
        _piece.Clear();
        _piece.Add((byte)(0xDC + random.Below(4)));
        _piece.AddBigEndian(random.OneIn(2) ? (ulong)random.Below(input.Length + 2) : MessagePackGrammar.Number(random), (_piece.Written[0] & 1) == 0 ? 2 : 4);
        input.Remove(at, 1);
        input.Insert(at, _piece.Written);
    }
}
