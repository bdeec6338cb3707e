using NetLoop.Buffers;
using NetLoop.Fuzzing.Mutation;
using NetLoop.Fuzzing.Running;
using NetLoop.Messaging;

namespace NetLoop.Fuzzing.Targets;

/// <summary>A stream of frames, cut at random: the same frames come out wherever the network cuts the stream.</summary>
/// <param name="makeDelimited">Creates a framer from a delimiter and the longest body; a test passes one with a bug.</param>
internal sealed class FramesTarget(Func<byte[], int, IFramer>? makeDelimited = null) : IFuzzTarget
{
    private const int MaxBodyBytes = 300;

    // Inputs up to this length are cut at each place.
    private const int CutEverywhereOnceIn = 4;
    private const int CutEverywhereBytes = 64;

    // A delimiter that begins as it ends, and one that contains its own beginning.
    private static readonly byte[][] Delimiters =
    [
        "\r\n\r\n"u8.ToArray(), "aab"u8.ToArray(), "abab"u8.ToArray(), "aaa"u8.ToArray(), [0x93, 0x02, 0x93], [0, 0, 0, 0, 1], "abcabcabd"u8.ToArray(),
    ];

    private readonly Func<byte[], int, IFramer> _makeDelimited = makeDelimited
        ?? (static (delimiter, maxBodyBytes) => new DelimitedFramer(delimiter, maxBodyBytes));

    private readonly BufferPool _pool = new(new BufferPoolOptions());
    private readonly FuzzRandom _random = new(0);

    public string Name => "frames";

    public string Description => "cuts a stream into frames and their bodies, however the stream arrives in pieces";

    public void Generate(InputBuffer output, FuzzRandom random)
    {
        InputBuffer body = new();
        for (int frames = 1 + random.Below(3); frames > 0; frames--)
        {
            body.Clear();
            AddBody(body, random);
            if (random.OneIn(3))
            {
                AddDelimited(output, random);
            }
            else if (random.OneIn(4))
            {
                output.Add(body.Written);
                output.Add("\r\n"u8[random.Below(2)..]);
            }
            else
            {
                output.AddBigEndian(random.OneIn(16) ? MessagePackGrammar.Number(random) : (ulong)body.Length, 4);
                output.Add(body.Written);
            }
        }
    }

    public void Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        LengthPrefixFramer prefixed = new(MaxBodyBytes);
        Compare(input, prefixed, prefixed, probe);
        Compare(input, DelimitedFramer.Lines(MaxBodyBytes), DelimitedFramer.Lines(MaxBodyBytes), probe);
        Compare(input, new DelimitedFramer([0x93, 0x02], MaxBodyBytes), new DelimitedFramer([0x93, 0x02], MaxBodyBytes), probe);
        CheckDelimited(input, probe);
        FuzzProbe.Require(_pool.Statistics.RentedLeases == 0, "a lease was not given back");
    }

    /// <summary>Oracles: a delimiter of several bytes is found where a search from the start finds it, wherever the stream is cut.</summary>
    private void CheckDelimited(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        ulong hash = InputHash.Of(input);
        byte[] delimiter = Delimiters[hash % (ulong)Delimiters.Length];
        int maxBodyBytes = hash % 3 == 0 ? 5 : MaxBodyBytes;
        (ulong Frames, FrameStatus Status) expected = CutNaively(input, delimiter, maxBodyBytes);
        (ulong Frames, FrameStatus Status) whole = CutAt(input, input.Length, _makeDelimited(delimiter, maxBodyBytes));
        FuzzProbe.Require(
            whole == expected,
            $"delimiter {Convert.ToHexString(delimiter)}: it ends {whole.Status}, by a search from the start {expected.Status}, or the frames differ");
        (ulong Frames, FrameStatus Status) pieces = CutPieces(input, _makeDelimited(delimiter, maxBodyBytes));
        FuzzProbe.Require(
            pieces == expected,
            $"delimiter {Convert.ToHexString(delimiter)}: in pieces it ends {pieces.Status}, whole {expected.Status}, or the frames differ");
        if ((hash >> 20) % CutEverywhereOnceIn == 0 && input.Length <= CutEverywhereBytes)
        {
            for (int cut = 1; cut < input.Length; cut++)
            {
                (ulong Frames, FrameStatus Status) halves = CutAt(input, cut, _makeDelimited(delimiter, maxBodyBytes));
                FuzzProbe.Require(
                    halves == expected,
                    $"delimiter {Convert.ToHexString(delimiter)}: cut at {cut} it ends {halves.Status}, whole {expected.Status}, or the frames differ");
            }
        }

        probe.Visit(230 + delimiter.Length, (int)expected.Status, input.Length);
    }

    private static (ulong Frames, FrameStatus Status) CutNaively(ReadOnlySpan<byte> input, ReadOnlySpan<byte> delimiter, int maxBodyBytes)
    {
        ulong frames = 0;
        while (!input.IsEmpty)
        {
            int found = -1;
            for (int at = 0; found < 0 && at <= maxBodyBytes && at + delimiter.Length <= input.Length; at++)
            {
                found = input.Slice(at, delimiter.Length).SequenceEqual(delimiter) ? at : -1;
            }

            if (found < 0)
            {
                return (frames, input.Length >= maxBodyBytes + delimiter.Length ? FrameStatus.TooLarge : FrameStatus.Incomplete);
            }

            frames = Add(frames, input[..found]);
            input = input[(found + delimiter.Length)..];
        }

        return (frames, FrameStatus.Incomplete);
    }

    private static (ulong Frames, FrameStatus Status) CutAt(ReadOnlySpan<byte> input, int cut, IFramer framer)
    {
        ulong frames = 0;
        int start = 0;
        FrameStatus status = FrameStatus.Incomplete;
        foreach (int end in (ReadOnlySpan<int>)[cut, input.Length])
        {
            while (start < end && status == FrameStatus.Incomplete)
            {
                status = framer.TryRead(input[start..end], out FrameBounds frame);
                if (status != FrameStatus.Complete)
                {
                    break;
                }

                frames = Add(frames, input.Slice(start + frame.BodyOffset, frame.BodyBytes));
                start += frame.FrameBytes;
                status = FrameStatus.Incomplete;
            }
        }

        return (frames, status);
    }

    // Beginnings of a delimiter, some of them whole.
    private static void AddDelimited(InputBuffer output, FuzzRandom random)
    {
        ReadOnlySpan<byte> delimiter = Delimiters[random.Below(Delimiters.Length)];
        for (int parts = 1 + random.Below(8); parts > 0; parts--)
        {
            output.Add(delimiter[..(random.OneIn(2) ? delimiter.Length : random.Below(delimiter.Length + 1))]);
            if (random.OneIn(4))
            {
                output.Add(random.NextByte());
            }
        }
    }

    /// <summary>Writes the body of a message, request or response.</summary>
    public static void AddBody(InputBuffer body, FuzzRandom random)
    {
        int shape = random.Below(3);
        body.Add((byte)(shape == (int)BodyShape.Message ? 0x93 : 0x94));
        body.Add((byte)shape);
        if (shape != (int)BodyShape.Message)
        {
            MessagePackGrammar.AddInteger(body, random);
        }

        if (shape == (int)BodyShape.Response)
        {
            body.Add(0xC0);
        }
        else if (random.OneIn(3))
        {
            body.Add((byte)(1 + random.Below(3)));
        }
        else
        {
            MessagePackGrammar.AddInteger(body, random);
        }

        MessagePackGrammar.AddValue(body, random);
    }

    private void Compare(ReadOnlySpan<byte> input, IFramer forWhole, IFramer forPieces, FuzzProbe probe)
    {
        probe.BeginMeasure();
        (ulong Frames, FrameStatus Status) whole = CutWhole(input, forWhole, probe);
        (ulong Frames, FrameStatus Status) pieces = CutPieces(input, forPieces);
        probe.EndMeasure(input.Length);
        FuzzProbe.Require(whole == pieces, $"{forWhole.GetType().Name}: whole it ends {whole.Status}, in pieces {pieces.Status}, or the frames differ");
    }

    private static (ulong Frames, FrameStatus Status) CutWhole(ReadOnlySpan<byte> input, IFramer framer, FuzzProbe probe)
    {
        ulong frames = 0;
        FrameStatus status = FrameStatus.Incomplete;
        while (!input.IsEmpty)
        {
            status = framer.TryRead(input, out FrameBounds frame);
            probe.Visit(200 + framer.HeaderBytes, (int)status, frame.BodyBytes);
            if (status != FrameStatus.Complete)
            {
                break;
            }

            ReadOnlySpan<byte> body = Check(framer, input, frame);
            frames = Add(frames, body);
            ReadHeader(body, probe);
            input = input[frame.FrameBytes..];
            status = FrameStatus.Incomplete;
        }

        return (frames, status);
    }

    private (ulong Frames, FrameStatus Status) CutPieces(ReadOnlySpan<byte> input, IFramer framer)
    {
        _random.Reseed(InputHash.Of(input));
        ReceiveBuffer received = default;
        int maxBytes = framer.HeaderBytes + framer.MaxBodyBytes + framer.Trailer.Length;
        ulong frames = 0;
        FrameStatus status = FrameStatus.Incomplete;
        while (!input.IsEmpty && status == FrameStatus.Incomplete)
        {
            FuzzProbe.Require(received.TryMakeRoom(_pool, maxBytes, out Span<byte> room), "an incomplete frame takes all the room that a frame may take");
            int piece = 1 + _random.Below(Math.Min(Math.Min(input.Length, room.Length), _random.OneIn(2) ? 3 : int.MaxValue));
            input[..piece].CopyTo(room);
            input = input[piece..];
            received.Received(piece);
            while (!received.IsEmpty && (status = framer.TryRead(received.Unread, out FrameBounds frame)) == FrameStatus.Complete)
            {
                frames = Add(frames, Check(framer, received.Unread, frame));
                received.Consume(frame.FrameBytes);
                status = FrameStatus.Incomplete;
            }
        }

        received.Release();
        return (frames, status);
    }

    /// <summary>Oracles: a frame lies within the received bytes and within its limit, and writing it again gives the same bytes.</summary>
    private static ReadOnlySpan<byte> Check(IFramer framer, ReadOnlySpan<byte> received, in FrameBounds frame)
    {
        FuzzProbe.Require(frame.FrameBytes > 0 && frame.FrameBytes <= received.Length, $"a frame of {frame.FrameBytes} in {received.Length} bytes");
        FuzzProbe.Require(
            frame.BodyBytes <= MaxBodyBytes && frame.BodyOffset + frame.BodyBytes <= frame.FrameBytes,
            $"a body of {frame.BodyBytes} bytes at {frame.BodyOffset}");
        Span<byte> header = stackalloc byte[framer.HeaderBytes];
        framer.WriteHeader(header, frame.BodyBytes);
        FuzzProbe.Require(received.StartsWith(header), "the header written again is another");
        return received.Slice(frame.BodyOffset, frame.BodyBytes);
    }

    private static ulong Add(ulong frames, ReadOnlySpan<byte> body) => (frames * 31) + InputHash.Of(body) + 1;

    // The first thing that the session does with a body. Oracle: the usual form, which has a separate path, is read like any other form.
    private static void ReadHeader(ReadOnlySpan<byte> body, FuzzProbe probe)
    {
        NetReader reader = new(body);
        bool isRead = BodyHeader.TryRead(ref reader, out BodyHeader header);
        NetReader general = new(body);
        bool isReadSlowly = TryReadHeader(ref general, out BodyHeader expected);
        if (isRead && reader.Remaining == 0)
        {
            // The array announces a payload that does not follow. The path for the usual form leaves the error to the reader of the payload.
            FuzzProbe.Require(!reader.TrySkip(), "a payload was read where none is");
            return;
        }

        FuzzProbe.Require(isRead == isReadSlowly, $"the header is read: {isRead}, value by value: {isReadSlowly}");
        FuzzProbe.Require(
            !isRead || (header == expected && reader.Position == general.Position),
            $"the header is {header} up to {reader.Position}, value by value {expected} up to {general.Position}");
        FuzzProbe.Require(!isRead || reader.Status == DecodeStatus.Ok, "a header was read of a reader that failed");
        bool isWhole = isRead && reader.TrySkip() && reader.TryEnd();
        probe.Visit(isRead ? 300 + (int)header.Shape : 310, (isWhole ? 100 : 0) + (int)reader.Status, reader.Position);
        probe.Visit(320, Math.Min(header.Type, 64), (int)header.Id);
    }

    // A second implementation of Engine/PROTOCOL.md, section 2.
    private static bool TryReadHeader(ref NetReader reader, out BodyHeader header)
    {
        header = default;
        uint id = 0;
        int type = 0;
        if (!reader.TryReadArrayHeader(out int count)
            || !reader.TryRead(out int shape)
            || shape is < 0 or > 2
            || count != (shape == (int)BodyShape.Message ? 3 : 4))
        {
            return false;
        }

        if (shape != (int)BodyShape.Message && !reader.TryRead(out id))
        {
            return false;
        }

        if (shape != (int)BodyShape.Response && (!reader.TryRead(out type) || type is < 0 or > 65_535))
        {
            return false;
        }

        header = new BodyHeader((BodyShape)shape, id, type);
        return true;
    }
}
