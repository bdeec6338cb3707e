using System.Globalization;
using System.Reflection;
using NUnit.Framework;

namespace NetLoop.Tests.Hosting;

/// <summary>Each option at both ends of its range, and just outside.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class OptionsTests
{
    private static readonly TimeSpan Step = TimeSpan.FromTicks(1);

    // Option, the ends of its range, the values just outside, and the range in the message.
    private static readonly (string Option, object[] Good, object[] Bad, string Allowed)[] Session =
    [
        (nameof(SessionOptions.MaxBodyBytes), [64, 16_777_216], [63, 16_777_217, 0, -1], "64 to 16777216 bytes"),
        (nameof(SessionOptions.MaxSendQueueBytes), [1024, int.MaxValue], [1023, 0, -1], "at least 1024 bytes"),
        (nameof(SessionOptions.MaxSendQueueMessages), [1, int.MaxValue], [0, -1], "at least 1"),
        (nameof(SessionOptions.MaxSendBacklogBytes), [1, int.MaxValue], [0, -1], "at least 1 byte"),
        (nameof(SessionOptions.MaxSendBacklogTime), [Step, TimeSpan.MaxValue], [TimeSpan.Zero, -Step], "more than zero"),
        (nameof(SessionOptions.MaxSendStall), [Step, TimeSpan.MaxValue], [TimeSpan.Zero, -Step], "more than zero"),
        (nameof(SessionOptions.HandshakeTimeout), [Step, TimeSpan.MaxValue], [TimeSpan.Zero, -Step], "more than zero"),
        (nameof(SessionOptions.IdleTimeout), [TimeSpan.Zero, TimeSpan.MaxValue], [-Step], "a positive time, or zero for never"),
        (nameof(SessionOptions.PingInterval), [TimeSpan.Zero, TimeSpan.MaxValue], [-Step], "a positive time, or zero for never"),
        (nameof(SessionOptions.CloseTimeout), [Step, TimeSpan.MaxValue], [TimeSpan.Zero, -Step], "more than zero"),
        (nameof(SessionOptions.RequestTimeout), [Step, TimeSpan.MaxValue], [TimeSpan.Zero, -Step], "more than zero"),
        (nameof(SessionOptions.MaxPendingRequests), [1, 4096], [0, 4097, -1], "1 to 4096"),
        (nameof(SessionOptions.MaxPendingHandlers), [1, int.MaxValue], [0, -1], "at least 1"),
        (nameof(SessionOptions.MaxPendingHandlerBytes), [1, int.MaxValue], [0, -1], "at least 1 byte"),
        (nameof(SessionOptions.UserTimeout), [TimeSpan.Zero, TimeSpan.MaxValue], [-Step], "a positive time, or zero for the kernel's default"),
        (nameof(SessionOptions.SendBufferBytes), [0, int.MaxValue], [-1], "0 or more bytes"),
        (nameof(SessionOptions.ReceiveBufferBytes), [0, int.MaxValue], [-1], "0 or more bytes"),
        ("RateLimit.MessagesPerSecond", [0.0, 0.001, 1e9], [-0.001, double.NaN, double.PositiveInfinity], "0 for no limit, or more"),
        ("RateLimit.MessageBurst", [0.0, 0.001, 1e9], [-0.001, double.NaN, double.PositiveInfinity], "0 for two seconds' worth, or more"),
        ("RateLimit.BytesPerSecond", [0.0, 0.001, 1e9], [-0.001, double.NaN, double.PositiveInfinity], "0 for no limit, or more"),
        ("RateLimit.ByteBurst", [0.0, 0.001, 1e9], [-0.001, double.NaN, double.PositiveInfinity], "0 for two seconds' worth, or more"),
        ("RateLimit.HandlerTimePerSecond", [TimeSpan.Zero, Step, TimeSpan.MaxValue], [-Step], "a positive time, or zero for no limit"),
    ];

    private static readonly (string Option, object[] Good, object[] Bad, string Allowed)[] Listener =
    [
        (nameof(ListenOptions.Backlog), [1, 65_535], [0, 65_536, -1], "1 to 65535"),
        (nameof(ListenOptions.MaxConnectionsPerAddress), [1, int.MaxValue], [0, -1], "at least 1"),
        (nameof(ListenOptions.MaxNewConnectionsPerAddress), [0.001, 1e9], [0.0, -0.001, double.NaN], "more than 0"),
        ("WebSocket.UpgradeTimeout", [Step, TimeSpan.MaxValue], [TimeSpan.Zero, -Step], "more than zero"),
        ("WebSocket.MaxFragments", [1, 1_048_576], [0, 1_048_577, -1], "1 to 1048576"),
    ];

    private static readonly (string Option, object[] Good, object[] Bad, string Allowed)[] Loop =
    [
        (nameof(EventLoopOptions.TickRate), [0, 1, 1000], [-1, 1001], "1 to 1000 ticks a second, or 0 for none"),
        (nameof(EventLoopOptions.MaxCatchUpTicks), [1, 100], [0, 101, -1], "1 to 100"),
        (nameof(EventLoopOptions.MinInputShare), [0.01, 0.9], [0.0099, 0.901, 0.0, 1.0, -0.1, double.NaN], "0.01 to 0.9"),
        (nameof(EventLoopOptions.TickPrecision), [TickPrecision.WhileConnected], [(TickPrecision)(-1), (TickPrecision)99], "WhileConnected"),
        (nameof(EventLoopOptions.SpinTime), [TimeSpan.Zero, TimeSpan.FromMilliseconds(10)], [-Step, TimeSpan.FromMilliseconds(10) + Step], "0 to 10 ms"),
        (
            nameof(EventLoopOptions.StallWarning),
            [TimeSpan.Zero, TimeSpan.FromMilliseconds(100), TimeSpan.FromDays(1)],
            [Step, TimeSpan.FromMilliseconds(100) - Step, TimeSpan.FromDays(1) + Step, -Step],
            "100 ms to 1 day, or 0 for never"),
        (nameof(EventLoopOptions.MaxInboxMessages), [1, 1_000_000], [0, 1_000_001, -1], "1 to 1000000"),
        (nameof(EventLoopOptions.MaxInboxBytes), [1, int.MaxValue], [0, -1], "at least 1 byte"),
        (nameof(EventLoopOptions.MaxQueuedCommands), [1, 1_000_000], [0, 1_000_001, -1], "1 to 1000000"),
        (nameof(EventLoopOptions.MaxBufferBytes), [1_048_576L, long.MaxValue], [1_048_575L, 0L, -1L], "at least 1048576 bytes"),
    ];

    private static readonly (string Option, object[] Good, object[] Bad, string Allowed)[] Server =
    [
        (nameof(NetServerOptions.Loops), [1, 64], [0, 65, -1], "1 to 64"),
        (nameof(NetServerOptions.MaxConnections), [1, int.MaxValue], [0, -1], "at least 1"),
        (nameof(NetServerOptions.MaxOpeningConnections), [1, int.MaxValue], [0, -1], "at least 1"),
        (nameof(NetServerOptions.MaxOpeningBytes), [65_536, int.MaxValue], [65_535, 0, -1], "at least 65536"),
        (nameof(NetServerOptions.DrainTimeout), [Step, TimeSpan.MaxValue], [TimeSpan.Zero, -Step], "more than zero"),
    ];

    private static IEnumerable<TestCaseData> SessionCases => Cases(Session);

    private static IEnumerable<TestCaseData> ListenerCases => Cases([.. Session, .. Listener]);

    private static IEnumerable<TestCaseData> LoopCases => Cases(Loop);

    private static IEnumerable<TestCaseData> ServerCases => Cases([.. Loop, .. Server]);

    [TestCaseSource(nameof(SessionCases))]
    public void Validate_ClientOption_HoldsItToWhatIsAllowed(string option, object[] good, object[] bad, string allowed) =>
        Check(() => new NetClientOptions { RateLimit = new RateLimitOptions() }, options => options.Validate(), option, good, bad, allowed);

    [TestCaseSource(nameof(ListenerCases))]
    public void Validate_ListenerOption_HoldsItToWhatIsAllowed(string option, object[] good, object[] bad, string allowed) =>
        Check(
            () => new ListenOptions(NetEndpoint.Tcp("127.0.0.1", 0)) { RateLimit = new RateLimitOptions() },
            options => options.Validate(),
            option,
            good,
            bad,
            allowed);

    [TestCaseSource(nameof(LoopCases))]
    public void Validate_LoopOption_HoldsItToWhatIsAllowed(string option, object[] good, object[] bad, string allowed) =>
        Check(() => new EventLoopOptions(), options => options.Validate(), option, good, bad, allowed);

    [TestCaseSource(nameof(ServerCases))]
    public void Validate_ServerOption_HoldsItToWhatIsAllowed(string option, object[] good, object[] bad, string allowed) =>
        Check(() => new NetServerOptions(), options => options.Validate(), option, good, bad, allowed);

    [Test]
    public void Validate_ListenersOfAServer_AreAllChecked([Values(0, 1, 2)] int bad)
    {
        var options = new NetServerOptions();
        for (int i = 0; i < 3; i++)
        {
            options.ListenTcp("127.0.0.1", 0, listener => listener.Backlog = i == bad ? 0 : 1);
        }

        Assert.That(options.Validate, Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("Backlog is 0"));
    }

    [Test]
    public void Validate_NothingWhereSomethingMustBe_IsNamed()
    {
        Assert.That(new NetClientOptions { DecodeLimits = null! }.Validate, Throws.ArgumentNullException.With.Message.Contains("DecodeLimits"));
        Assert.That(new EventLoopOptions { TimeProvider = null! }.Validate, Throws.ArgumentNullException.With.Message.Contains("TimeProvider"));
        Assert.That(new EventLoopOptions { Entropy = null! }.Validate, Throws.ArgumentNullException.With.Message.Contains("Entropy"));
    }

    [Test]
    public void ForLoop_OneOfSeveral_HasItsShareAndItsName()
    {
        var options = new EventLoopOptions { TickRate = 20, MaxBufferBytes = 10 << 20, ThreadName = "game", MaxInboxMessages = 77 };
        EventLoopOptions first = options.ForLoop(0, loops: 4);
        EventLoopOptions last = options.ForLoop(3, loops: 4);
        Assert.That((first.LoopIndex, first.TickRate, first.MaxBufferBytes, first.ThreadName), Is.EqualTo((0, 20, (10L << 20) / 4, "game")));
        Assert.That((last.LoopIndex, last.TickRate, last.MaxBufferBytes, last.ThreadName), Is.EqualTo((3, 0, (10L << 20) / 4, "game 3")));
        Assert.That((first.MaxInboxMessages, last.MaxInboxMessages), Is.EqualTo((77, 77)));
        Assert.That((first.Tick, last.Tick), Is.EqualTo((options.Tick, options.Tick)), "the tick is one for all");
        Assert.That((options.LoopIndex, options.TickRate, options.MaxBufferBytes, options.ThreadName), Is.EqualTo((0, 20, 10L << 20, "game")));
    }

    [Test]
    public void ForLoop_MoreLoopsThanTheBuffersAllow_EachHasTheLeastThereMayBe()
    {
        EventLoopOptions options = new EventLoopOptions { MaxBufferBytes = 3 << 20 }.ForLoop(1, loops: 4);
        Assert.That(options.MaxBufferBytes, Is.EqualTo(1 << 20));
        Assert.That(options.Validate, Throws.Nothing);
    }

    // Every number and time among the options must be in a table above, so a new one without a check is found here.
    [Test]
    public void Options_WithNumbersOrTimes_AreAllInTheTables()
    {
        string[] known = [.. Session.Concat(Listener).Concat(Loop).Concat(Server).Select(row => row.Option.Split('.')[^1])];
        Type[] types =
        [
            typeof(SessionOptions),
            typeof(ListenOptions),
            typeof(NetClientOptions),
            typeof(EventLoopOptions),
            typeof(NetServerOptions),
            typeof(RateLimitOptions),
            typeof(WebSocketOptions),
        ];
        Type[] measured = [typeof(int), typeof(long), typeof(double), typeof(TimeSpan)];
        IEnumerable<string> options = types.SelectMany(type => type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly))
            .Where(property => property.CanWrite && measured.Contains(property.PropertyType))
            .Select(property => property.Name);
        Assert.That(options.Except(known), Is.Empty);
    }

    [TestCase("https://example.org", true)]
    [TestCase("http://localhost:5000", true)]
    [TestCase("127.0.0.1", true)]
    [TestCase("https://example.org/", false)]
    [TestCase("https://exa mple.org", false)]
    [TestCase("", false)]
    public void Validate_OriginOfAClient_IsOneOrIsNamed(string origin, bool isOne)
    {
        var options = new NetClientOptions { Origin = origin };
        Assert.That(options.Validate, isOne ? Throws.Nothing : Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("Origin"));
    }

    [TestCase("https://example.org", true)]
    [TestCase("https://example.org/", true)]
    [TestCase("HTTPS://Example.ORG:443/", true)]
    [TestCase("http://localhost:5000", true)]
    [TestCase("http://[::1]:5000", true)]
    [TestCase("capacitor://localhost", true)]
    [TestCase("127.0.0.1", true)]
    [TestCase("null", true)]
    [TestCase("https://example.org//", false)]
    [TestCase("https://example.org/path", false)]
    [TestCase("https://example.org?query", false)]
    [TestCase("https://example.org#part", false)]
    [TestCase("https://user@example.org", false)]
    [TestCase("https://*.example.org", false)]
    [TestCase("*", false)]
    [TestCase("https://example.org:0x50", false)]
    [TestCase("https://example.org:65536", false)]
    [TestCase("https://exa mple.org", false)]
    [TestCase("https://sp\u00f6.example", false)]
    [TestCase("https:///", false)]
    [TestCase("https://", false)]
    [TestCase("https:example.org", false)]
    [TestCase("://example.org", false)]
    [TestCase("1http://example.org", false)]
    [TestCase("example.org/", false)]
    [TestCase("", false)]
    public void Validate_AllowedOrigin_IsOneOrIsNamed(string origin, bool isOne)
    {
        var listener = new ListenOptions(NetEndpoint.WebSocket("127.0.0.1", 0));
        listener.WebSocket.AllowedOrigins.Add("https://first.example");
        listener.WebSocket.AllowedOrigins.Add(origin);
        Assert.That(
            listener.Validate,
            isOne ? Throws.Nothing : Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains($"WebSocket.AllowedOrigins is '{origin}'; allowed: "));
    }

    [TestCase("10.0.0.7", true)]
    [TestCase("10.0.0.0/8", true)]
    [TestCase("0.0.0.0/0", true)]
    [TestCase("::1", true)]
    [TestCase("fd00::/8", true)]
    [TestCase("::/0", true)]
    [TestCase("::ffff:10.0.0.0/104", true)]
    [TestCase("unix", true)]
    [TestCase("10.0.0.1/8", false)]
    [TestCase("10.0.0.0/33", false)]
    [TestCase("10.0.0.0/-1", false)]
    [TestCase("10.0.0.0/2147483647", false)]
    [TestCase("10.0.0.0/", false)]
    [TestCase("10/8", false)]
    [TestCase("fe80::1%1", false)]
    [TestCase("::1/129", false)]
    [TestCase("[::1]", false)]
    [TestCase("10.0.0.7:80", false)]
    [TestCase("*", false)]
    [TestCase("proxy.example", false)]
    [TestCase("", false)]
    public void Validate_TrustedProxy_IsOneOrIsNamed(string proxy, bool isOne)
    {
        var listener = new ListenOptions(NetEndpoint.Tcp("127.0.0.1", 0));
        listener.TrustedProxies.Add("192.0.2.1");
        listener.TrustedProxies.Add(proxy);
        Assert.That(
            listener.Validate,
            isOne ? Throws.Nothing : Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains($"TrustedProxies is '{proxy}'; allowed: addresses "));
    }

    [Test]
    public void Validate_Framer_IsHeldToItsLimits(
        [Values(0, 1, 16 * 1024 * 1024, (16 * 1024 * 1024) + 1)] int bodyBytes, [Values(-1, 0, 64, 65)] int headerBytes, [Values(0, 16, 17)] int trailerBytes)
    {
        var options = new ListenOptions(NetEndpoint.Tcp("127.0.0.1", 0)) { Framer = () => new OddFramer(bodyBytes, headerBytes, trailerBytes) };
        bool isAllowed = bodyBytes is >= 1 and <= 16 * 1024 * 1024 && headerBytes is >= 0 and <= 64 && trailerBytes <= 16;
        Assert.That(options.Validate, isAllowed ? Throws.Nothing : Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("Framer"));
    }

    [Test]
    public void Validate_FramingThatCannotBe_IsNamed()
    {
        var webSocket = new ListenOptions(NetEndpoint.WebSocket("127.0.0.1", 0)) { Framer = () => new LengthPrefixFramer(100) };
        Assert.That(webSocket.Validate, Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("none over WebSocket"));

        var stream = new ListenOptions(NetEndpoint.Tcp("127.0.0.1", 0));
        stream.UseRawProtocol(static (_, _) => { });
        Assert.That(stream.Validate, Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("a framer for a raw protocol"));

        var text = new ListenOptions(NetEndpoint.WebSocket("127.0.0.1", 0));
        text.WebSocket.UsesText = true;
        Assert.That(text.Validate, Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("WebSocket.UsesText"));
        text.UseRawProtocol(static (_, _) => { });
        Assert.That(text.Validate, Throws.Nothing);
    }

    [Test]
    public void OffloadOptions_NoWorkersOrNoRoom_IsNamed([Values(0, -1)] int none)
    {
        Assert.That(new OffloadOptions { Workers = none }.Validate, Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("Workers"));
        Assert.That(new OffloadOptions { Capacity = none }.Validate, Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("Capacity"));
        Assert.That(new OffloadOptions { Workers = 1, Capacity = 1 }.Validate, Throws.Nothing);
    }

    [Test]
    public void DecodeLimits_AtTheEndsAndBeyond_AreHeld(
        [Values(
            nameof(DecodeLimits.MaxDepth), nameof(DecodeLimits.MaxItems), nameof(DecodeLimits.MaxStringBytes), nameof(DecodeLimits.MaxBinaryBytes),
            nameof(DecodeLimits.MaxDecodedBytesPerByte), nameof(DecodeLimits.MinDecodedBytes))]
        string limit)
    {
        int ceiling = limit == nameof(DecodeLimits.MaxDepth) ? 500 : int.MaxValue;
        foreach (int good in new[] { 0, 1, ceiling })
        {
            Assert.That(() => Set(new DecodeLimits(), limit, good), Throws.Nothing, $"{good}");
        }

        int[] beyond = ceiling == int.MaxValue ? [-1, int.MinValue] : [-1, ceiling + 1];
        foreach (int bad in beyond)
        {
            Assert.That(
                () => Set(new DecodeLimits(), limit, bad),
                Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains($"DecodeLimits.{limit} is {bad}; give it a value from 0 to {ceiling}."));
        }
    }

    private static void Check<T>(Func<T> make, Action<T> validate, string option, object[] good, object[] bad, string allowed)
        where T : class
    {
        Assert.That(() => validate(make()), Throws.Nothing, "as they are made");
        foreach (object value in good)
        {
            T options = make();
            Set(options, option, value);
            Assert.That(() => validate(options), Throws.Nothing, $"{value} is allowed");
        }

        foreach (object value in bad)
        {
            T options = make();
            Set(options, option, value);
            string said = $"{option} is {string.Format(CultureInfo.InvariantCulture, "{0}", value)}; allowed: ";
            Assert.That(
                () => validate(options),
                Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains(said).And.Message.Contains(allowed),
                $"{value} is not allowed");
        }
    }

    private static void Set(object options, string option, object value)
    {
        string[] path = option.Split('.');
        foreach (string part in path[..^1])
        {
            options = options.GetType().GetProperty(part)!.GetValue(options)!;
        }

        try
        {
            options.GetType().GetProperty(path[^1])!.SetValue(options, value);
        }
        catch (TargetInvocationException thrown)
        {
            throw thrown.InnerException!;
        }
    }

    private static IEnumerable<TestCaseData> Cases((string Option, object[] Good, object[] Bad, string Allowed)[] rows) =>
        rows.Select(row => new TestCaseData(row.Option, row.Good, row.Bad, row.Allowed).SetArgDisplayNames(row.Option));

    private sealed class OddFramer(int bodyBytes, int headerBytes, int trailerBytes) : IFramer
    {
        private readonly byte[] _trailer = new byte[trailerBytes];

        public int MaxBodyBytes => bodyBytes;

        public int HeaderBytes => headerBytes;

        public ReadOnlySpan<byte> Trailer => _trailer;

        public NetLoop.FrameStatus TryRead(ReadOnlySpan<byte> received, out NetLoop.FrameBounds frame)
        {
            frame = default;
            return FrameStatus.Incomplete;
        }

        public void WriteHeader(Span<byte> header, int bodyBytes)
        {
        }
    }
}
