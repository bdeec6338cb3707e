using System.Buffers.Binary;
using System.Globalization;

namespace NetLoop.Worlds.Guests;

/// <summary>Clients of raw protocols: every body comes back byte for byte, whatever framer cuts it and however the stream ends after it.</summary>
internal sealed class RawProtocolGuest(World world, SeededRandom random) : Guest(world, random)
{
    private const int MostBytes = 200;
    private const int Listeners = 4;
    private const int Clients = 8;

    private readonly Style[] _styles = [.. Enumerable.Range(0, Listeners).Select(_ => (Style)random.Next((int)Style.Broken + 1))];
    private readonly int[] _framers = new int[Listeners];
    private readonly List<CloseReason> _expected = [];
    private readonly Dictionary<int, CloseInfo> _ends = [];

    private enum Style
    {
        OneByte,
        TwoBytes,
        ThreeBytes,
        FiveBytes,
        Lines,
        Length,
        Raw,
        Own,

        /// <summary>A framer that cannot be created, except for the trial one.</summary>
        Broken,
    }

    private enum Ending
    {
        Orderly,
        HalfFrame,
        TooLarge,
        Malformed,
    }

    public override void Configure(NetServerOptions o)
    {
        for (int i = 0; i < Listeners; i++)
        {
            int index = i;
            _framers[i] = 0;
            o.Listen(Listener(i), listener =>
            {
                ConfigureListener(listener);
                listener.UseRawProtocol(() => MakeFramer(index), (session, body) => Echo(session, body));
            });
        }
    }

    public override void OnClosed(Session session, CloseInfo info) => Require(_ends.TryAdd(session.Remote.Port, info), $"{session} closes twice");

    /// <summary>Only the socket knows how its session ended, so the ends are counted together.</summary>
    public override void CheckEnd() => Require(
        _ends.Values.Select(static info => info.Reason).Order().SequenceEqual(_expected.Order()),
        $"sessions ended with {string.Join(", ", _ends.Values)} instead of {string.Join(", ", _expected)}");

    protected override void Play()
    {
        for (int i = 0; i < Clients; i++)
        {
            int index = i % Listeners;
            Play(() => TalkAsync(index));
        }
    }

    private static byte[] DelimiterOf(Style style) => [.. style switch
    {
        Style.OneByte or Style.Lines => "\n"u8,
        Style.TwoBytes => "ab"u8,
        Style.ThreeBytes => "aab"u8,
        Style.FiveBytes => "abcab"u8,
        _ => [],
    }];

    private static bool IsDelimited(Style style) => style <= Style.Lines;

    private static byte[] Frame(Style style, ReadOnlySpan<byte> body)
    {
        byte[] header = style switch
        {
            Style.Length => new byte[4],
            Style.Own => new byte[ShortFramer.HeaderLength],
            _ => [],
        };
        if (style == Style.Length)
        {
            BinaryPrimitives.WriteInt32BigEndian(header, body.Length);
        }
        else if (style == Style.Own)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(header, (ushort)body.Length);
        }

        return [.. header, .. body, .. DelimiterOf(style)];
    }

    private static CloseReason ReasonFor(Style style, Ending ending) => ending switch
    {
        _ when style == Style.Broken => CloseReason.Malformed,
        Ending.Orderly => CloseReason.Normal,
        Ending.HalfFrame => CloseReason.Truncated,
        Ending.TooLarge => CloseReason.FrameTooLarge,
        _ => CloseReason.Malformed,
    };

    private IFramer MakeFramer(int index)
    {
        Style style = _styles[index];
        if (style == Style.Broken && ++_framers[index] > 1)
        {
            World.Server.CountHandlerFault();
            throw new InvalidOperationException("as asked");
        }

        return style switch
        {
            Style.Lines => DelimitedFramer.Lines(MostBytes),
            Style.Length => new LengthPrefixFramer(MostBytes),
            Style.Raw => new RawFramer(MostBytes),
            Style.Own or Style.Broken => new ShortFramer(MostBytes),
            _ => new DelimitedFramer(DelimiterOf(style), MostBytes),
        };
    }

    /// <summary>Sends the same body back; for an empty body, a note that it arrived.</summary>
    private void Echo(Session session, ReadOnlySpan<byte> body)
    {
        SendStatus status = session.SendRaw(body.IsEmpty ? "-"u8 : body);
        Require(status == SendStatus.Sent, $"an answer to {session} is {status}");
    }

    private async Task TalkAsync(int index)
    {
        Style style = _styles[index];
        var peer = new RawPeer(Hosts, Random, Listener(index));
        List<byte> expected = [];
        for (int count = style == Style.Broken ? 0 : Random.Between(1, 60); count > 0; count--)
        {
            byte[] body = DrawBody(style);
            bool hasReturn = style == Style.Lines && body.Length < MostBytes && Random.Chance(0.5);
            peer.Send(Frame(style, hasReturn ? [.. body, (byte)'\r'] : body));
            expected.AddRange(Frame(style, body.Length == 0 ? "-"u8 : body));
            if (Random.Chance(0.2))
            {
                await peer.UntilAsync(() => peer.Received.Length == expected.Count).ConfigureAwait(true);
            }
        }

        Ending ending = DrawEnding(style);
        peer.Send(BytesOf(style, ending));
        if (ending is Ending.Orderly or Ending.HalfFrame || Random.Chance(0.5))
        {
            peer.EndStream();
        }

        bool isOver = await peer.UntilOverAsync().ConfigureAwait(true);
        string what = string.Create(CultureInfo.InvariantCulture, $"{style} that ends {ending}");
        Require(isOver && peer.End == SocketStatus.Ok, $"the connection of {what} is over: {isOver}, with {peer.End}");
        Require(peer.Received.SequenceEqual(expected.ToArray()), $"of {what} {peer.Received.Length} bytes came back, {expected.Count} were to");
    }

    private Ending DrawEnding(Style style)
    {
        Ending ending = style switch
        {
            Style.Raw => Ending.Orderly,
            Style.Broken => Ending.Malformed,
            Style.Length or Style.Own => (Ending)Random.Next(4),
            _ => (Ending)Random.Next(3),
        };
        if (ending == Ending.Malformed && style == Style.Own)
        {
            World.Server.CountHandlerFault();
        }

        _expected.Add(ReasonFor(style, ending));
        return ending;
    }

    private byte[] BytesOf(Style style, Ending ending) => ending switch
    {
        Ending.HalfFrame => style == Style.Length ? [0, 0, 0, 9, 1] : style == Style.Own ? [9] : [(byte)'z'],
        Ending.TooLarge when IsDelimited(style) => [.. Enumerable.Repeat((byte)'z', MostBytes + 1 + Random.Next(100)), .. DelimiterOf(style)],
        Ending.TooLarge => style == Style.Length ? [0, 0, 0, MostBytes + 1] : [MostBytes + 1, 0],
        Ending.Malformed => style == Style.Length ? [0, 0, 0, 0, 1, 2, 3] : [0xFF, 0xFF, 1, 2, 3],
        _ => [],
    };

    private byte[] DrawBody(Style style)
    {
        byte[] delimiter = DelimiterOf(style);
        while (true)
        {
            byte[] body = new byte[Random.Chance(0.1) ? MostBytes : Random.Next(Random.Chance(0.2) ? MostBytes + 1 : 12)];
            foreach (ref byte one in body.AsSpan())
            {
                // Mostly bytes that delimiters consist of.
                one = (byte)(IsDelimited(style) ? 'a' + Random.Next(3) : Random.Next(256));
            }

            bool hasDelimiter = IsDelimited(style) && ((byte[])[.. body, .. delimiter]).AsSpan().IndexOf(delimiter) != body.Length;
            if (!hasDelimiter && (body.Length > 0 || style is not (Style.Length or Style.Raw)))
            {
                return body;
            }
        }
    }
}
