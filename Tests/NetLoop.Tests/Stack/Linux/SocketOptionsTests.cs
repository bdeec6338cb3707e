using System.Net.Sockets;
using NetLoop.Stack.Linux;
using NUnit.Framework;

namespace NetLoop.Tests.Stack.Linux;

[TestFixture]
[Platform("Linux", Reason = "The options are set through libc.")]
internal sealed class SocketOptionsTests
{
    private static StreamSocketOptions None => default;

    private static IEnumerable<StreamSocketOptions> EachOption =>
    [
        None with { NoDelay = true },
        None with { KeepAlive = true },
        None with { UserTimeout = TimeSpan.FromSeconds(1) },
        None with { SendBufferBytes = 4096 },
        None with { ReceiveBufferBytes = 4096 },
    ];

    [TestCaseSource(nameof(EachOption))]
    public void Apply_OptionCannotBeSet_SaysSo(StreamSocketOptions options) =>
        Assert.That(SocketOptions.Apply(-1, options), Is.EqualTo(SocketStatus.InvalidCall));

    [Test]
    public void Apply_NothingToSet_TouchesNoSocket() => Assert.That(SocketOptions.Apply(-1, None), Is.EqualTo(SocketStatus.Ok));

    [Test]
    public void Apply_EachOption_IsSetAndNoOther()
    {
        const int Tcp = 6;
        const int SocketLevel = 1;
        (StreamSocketOptions Options, int Level, int Option, int Expected)[] cases =
        [
            (None with { NoDelay = true }, Tcp, 1, 1),
            (None with { KeepAlive = true }, SocketLevel, 9, 1),
            (None with { KeepAlive = true }, Tcp, 4, 5),
            (None with { KeepAlive = true }, Tcp, 5, 4),
            (None with { KeepAlive = true }, Tcp, 6, 3),
            (None with { UserTimeout = TimeSpan.FromSeconds(100) }, Tcp, 18, 100_000),
            (None with { UserTimeout = TimeSpan.FromTicks(1) }, Tcp, 18, 1),
            (None with { UserTimeout = TimeSpan.FromMilliseconds(1.5) }, Tcp, 18, 2),
            (None with { UserTimeout = TimeSpan.MaxValue }, Tcp, 18, int.MaxValue),
            (None with { SendBufferBytes = 70_000 }, SocketLevel, 7, 140_000),
            (None with { ReceiveBufferBytes = 80_000 }, SocketLevel, 8, 160_000),
        ];
        foreach ((StreamSocketOptions options, int level, int option, int expected) in cases)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            (int Level, int Option)[] others =
            [
                .. cases.Where(one => one.Options != options).Select(one => (one.Level, one.Option)).Distinct().Where(one => one != (level, option))
            ];
            int[] before = [.. others.Select(one => Read(socket, one.Level, one.Option))];
            Assert.That(SocketOptions.Apply((int)socket.Handle, options), Is.EqualTo(SocketStatus.Ok));
            Assert.That(Read(socket, level, option), Is.EqualTo(expected), $"{options}");
            Assert.That(others.Select(one => Read(socket, one.Level, one.Option)), Is.EqualTo(before), $"others than {options}");
        }
    }

    private static int Read(Socket socket, int level, int option)
    {
        Span<byte> value = stackalloc byte[sizeof(int)];
        socket.GetRawSocketOption(level, option, value);
        return BitConverter.ToInt32(value);
    }
}
