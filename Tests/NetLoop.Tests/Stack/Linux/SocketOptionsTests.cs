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
}
