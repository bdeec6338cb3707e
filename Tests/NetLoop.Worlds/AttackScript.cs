namespace NetLoop.Worlds;

/// <summary>The script of one kind of attack.</summary>
internal sealed class AttackScript
{
    private const long Millisecond = 1_000_000;
    private const long Second = 1_000 * Millisecond;

    /// <summary>The first kind that attacks over WebSocket; all later ones do too.</summary>
    public const AttackKind FirstByWebSocket = AttackKind.SlowUpgrade;

    /// <summary>The bytes to send.</summary>
    public byte[] Bytes { get; private init; } = [];

    /// <summary>Index of the first byte that is sent slowly, as are all bytes after it.</summary>
    public int SlowFrom { get; private init; } = int.MaxValue;

    /// <summary>Nanoseconds between two slow bytes.</summary>
    public long BytePause { get; private init; } = Second;

    /// <summary>Whether the bytes are sent again and again.</summary>
    public bool Repeats { get; private init; }

    /// <summary>Index of the byte at which a repetition starts.</summary>
    public int RepeatFrom { get; private init; }

    /// <summary>Whether the server's responses are read.</summary>
    public bool Reads { get; private init; } = true;

    public AttackEnd Then { get; private init; }

    /// <summary>Nanoseconds after which the server must have ended the connection; 0 for never. Counted from <see cref="DeadlineFrom"/>.</summary>
    public long Deadline { get; private init; }

    /// <summary>
    /// Bytes that the server must have read before the deadline begins: those that make it end the connection. 0: the deadline begins with the accept.
    /// </summary>
    public int DeadlineFrom { get; private init; }

    /// <summary>Number of such connections that one adversary holds.</summary>
    public int Connections { get; private init; } = 4;

    /// <summary>Number of connections that it opens at once.</summary>
    public int AtOnce { get; private init; } = 1;

    public static AttackScript For(AttackKind kind, WorldSettings settings, SeededRandom random)
    {
        // A close becomes known here one round trip later, and the server's own clock may run a little slow.
        long slack = Second + (8 * settings.Link.Latency.Ticks * 100);
        long handshake = Nanoseconds(settings.HandshakeTimeout) + slack;
        long idle = Nanoseconds(settings.IdleTimeout) + slack;
        long opened = slack + Nanoseconds(settings.AuthenticationTime);

        // A client that does not answer the close frame keeps a WebSocket server waiting.
        long webSocketClose = opened + slack + Nanoseconds(settings.CloseTimeout);
        byte[] hello = AttackFrames.Hello;
        byte[] webSocketHello = AttackFrames.WebSocketHello;
        byte[] moves = AttackFrames.Repeat(AttackFrames.Move, 20);
        byte[] early = AttackFrames.Repeat(AttackFrames.Move, 2_000);
        int tooManyFragments = Math.Min(settings.MaxBodyBytes, new WebSocketOptions().MaxFragments) + 1;
        return kind switch
        {
            AttackKind.Silence => new AttackScript { Deadline = handshake, Connections = 16 },
            AttackKind.SlowHello => new AttackScript { Bytes = hello, SlowFrom = 0, Deadline = handshake, Connections = 16 },
            AttackKind.SlowBody =>
                new AttackScript
                {
                    Bytes = [.. hello, .. AttackFrames.Announce(400, 400)],
                    SlowFrom = hello.Length,
                    Deadline = opened + idle,
                    DeadlineFrom = hello.Length,
                },
            AttackKind.NeverReads =>
                new AttackScript
                {
                    Bytes = [.. hello, .. AttackFrames.Repeat(AttackFrames.Ask, 1000)],
                    Repeats = true,
                    RepeatFrom = hello.Length,
                    Reads = false,
                },
            AttackKind.Announces => new AttackScript
            {
                Bytes = [.. hello, .. AttackFrames.Announce((uint)settings.MaxBodyBytes, settings.MaxBodyBytes - 1)],
                Deadline = opened + idle,
                DeadlineFrom = hello.Length,
                Connections = 16,
            },
            AttackKind.BadLength => new AttackScript
            {
                Bytes = AttackFrames.Announce(Lengths(settings)[random.Next(Lengths(settings).Length)], random.Next(64)),
                Deadline = slack,
                DeadlineFrom = AttackFrames.HeaderBytes,
            },
            AttackKind.Garbage => new AttackScript { Bytes = Garbage(random), Deadline = handshake },
            AttackKind.GoodThenBad => new AttackScript
            {
                Bytes = [.. hello, .. moves, .. AttackFrames.Bad, .. moves],
                Deadline = opened,
                DeadlineFrom = hello.Length + moves.Length + AttackFrames.Bad.Length,
            },
            AttackKind.DeepNesting => EndedBy([.. hello, .. AttackFrames.Nested(Math.Min(settings.MaxBodyBytes, 60_000) - 3)], opened),
            AttackKind.HugeCount => EndedBy([.. hello, .. AttackFrames.HugeCount], opened),
            AttackKind.ResetStorm => new AttackScript { Then = AttackEnd.Reset, Connections = 64, AtOnce = 8 },
            AttackKind.ConnectStorm => new AttackScript { Deadline = handshake, Connections = 256, AtOnce = 64 },
            AttackKind.Flood =>
                new AttackScript
                {
                    Bytes = [.. hello, .. AttackFrames.Repeat(AttackFrames.Move, 100)],
                    Repeats = true,
                    RepeatFrom = hello.Length,
                    Connections = 2,
                },
            AttackKind.PingFlood =>
                new AttackScript
                {
                    Bytes = [.. hello, .. AttackFrames.Repeat(AttackFrames.Ping, 100)],
                    Repeats = true,
                    RepeatFrom = hello.Length,
                    Connections = 2,
                },
            AttackKind.SlowRequests =>
                new AttackScript
                {
                    Bytes = [.. hello, .. AttackFrames.Repeat(AttackFrames.AskSlowly, 100)],
                    Repeats = true,
                    RepeatFrom = hello.Length,
                    Connections = 2,
                },
            AttackKind.HalfClose => EndedBy([.. hello, .. AttackFrames.Ask], Nanoseconds(settings.CloseTimeout) + opened, AttackEnd.HalfClose),
            AttackKind.Truncates => new AttackScript
            {
                Bytes = [.. hello, .. AttackFrames.Announce(100, random.Next(100))],
                Then = AttackEnd.HalfClose,
                Deadline = opened,
                DeadlineFrom = hello.Length,
            },
            AttackKind.UnaskedAnswers =>
                new AttackScript
                {
                    Bytes = [.. hello, .. AttackFrames.Repeat(AttackFrames.Answer, 10)],
                    Repeats = true,
                    RepeatFrom = hello.Length,
                    BytePause = Millisecond,
                    SlowFrom = hello.Length,
                },
            AttackKind.EarlyBodies =>
                new AttackScript
                {
                    Bytes = [.. hello, .. early],
                    Deadline = opened + idle,
                    DeadlineFrom = hello.Length + early.Length,
                    Connections = 32,
                    AtOnce = 8,
                },
            AttackKind.SlowUpgrade => new AttackScript { Bytes = AttackFrames.Upgrade, SlowFrom = 0, Deadline = handshake, Connections = 16 },
            AttackKind.LongHead =>
                new AttackScript { Bytes = AttackFrames.LongHead(random.Between(4_000, 12_000)), Deadline = handshake, Connections = 64, AtOnce = 16 },
            AttackKind.EndlessFragments => new AttackScript
            {
                Bytes = [.. webSocketHello, .. AttackFrames.Fragments],
                Deadline = webSocketClose,
                DeadlineFrom = webSocketHello.Length + (AttackFrames.FragmentBytes * tooManyFragments),
            },
            AttackKind.WebSocketPings => new AttackScript
            {
                Bytes = [.. webSocketHello, .. AttackFrames.Repeat(AttackFrames.WebSocketPing, 100)],
                Repeats = true,
                RepeatFrom = webSocketHello.Length,
                Connections = 2,
            },
            AttackKind.Unmasked => EndedBy([.. webSocketHello, .. AttackFrames.Unmasked], webSocketClose),
            AttackKind.ClosesAndStays => new AttackScript
            {
                Bytes = [.. webSocketHello, .. AttackFrames.WebSocketClose],
                Reads = random.Chance(0.5),
                Deadline = webSocketClose,
                DeadlineFrom = webSocketHello.Length + AttackFrames.WebSocketClose.Length,
            },
            _ => new AttackScript { Bytes = hello },
        };
    }

    /// <summary>Bytes that make the server end the connection, up to and including the last one.</summary>
    private static AttackScript EndedBy(byte[] bytes, long deadline, AttackEnd then = AttackEnd.Wait) =>
        new() { Bytes = bytes, Deadline = deadline, DeadlineFrom = bytes.Length, Then = then };

    private static long Nanoseconds(TimeSpan time) => time.Ticks * 100;

    private static uint[] Lengths(WorldSettings settings) =>
        [0, (uint)settings.MaxBodyBytes + 1, int.MaxValue, (uint)int.MaxValue + 1, uint.MaxValue - 3, uint.MaxValue];

    private static byte[] Garbage(SeededRandom random)
    {
        byte[] bytes = new byte[random.Between(4, 2_000)];
        foreach (ref byte one in bytes.AsSpan())
        {
            one = (byte)random.Next(256);
        }

        // The first four bytes, read as a length, exceed every limit; they end the connection.
        bytes[0] |= 0x80;
        return bytes;
    }
}
