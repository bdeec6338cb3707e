using NetLoop.Buffers;
using NetLoop.Fuzzing.Mutation;
using NetLoop.Fuzzing.Running;
using NetLoop.Messaging;

namespace NetLoop.Fuzzing.Targets;

/// <summary>A stream of frames, cut at random: the same frames come out wherever the network cuts it.</summary>
internal sealed class FramesTarget : IFuzzTarget
{
    private const int MaxBodyBytes = 300;

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
            if (random.OneIn(4))
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
        FuzzProbe.Require(_pool.Statistics.RentedLeases == 0, "a lease was not given back");
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

    /// <summary>Oracles: a frame lies within what was received and its limit, and written again it is the same.</summary>
    private static ReadOnlySpan<byte> Check(IFramer framer, ReadOnlySpan<byte> received, in FrameBounds frame)
    {
        FuzzProbe.Require(frame.FrameBytes > 0 && frame.FrameBytes <= received.Length, $"a frame of {frame.FrameBytes} in {received.Length} bytes");
        FuzzProbe.Require(frame.BodyBytes <= MaxBodyBytes && frame.BodyOffset + frame.BodyBytes <= frame.FrameBytes, $"a body of {frame.BodyBytes} bytes at {frame.BodyOffset}");
        Span<byte> header = stackalloc byte[framer.HeaderBytes];
        framer.WriteHeader(header, frame.BodyBytes);
        FuzzProbe.Require(received.StartsWith(header), "the header written again is another");
        return received.Slice(frame.BodyOffset, frame.BodyBytes);
    }

    private static ulong Add(ulong frames, ReadOnlySpan<byte> body) => (frames * 31) + InputHash.Of(body) + 1;

    // What the session does first with a body.
    private static void ReadHeader(ReadOnlySpan<byte> body, FuzzProbe probe)
    {
        NetReader reader = new(body);
        bool isRead = BodyHeader.TryRead(ref reader, out BodyHeader header);
        FuzzProbe.Require(!isRead || reader.Status == DecodeStatus.Ok, "a header was read of a reader that failed");
        bool isWhole = isRead && reader.TrySkip() && reader.TryEnd();
        probe.Visit(isRead ? 300 + (int)header.Shape : 310, (isWhole ? 100 : 0) + (int)reader.Status, reader.Position);
        probe.Visit(320, Math.Min(header.Type, 64), (int)header.Id);
    }
}
