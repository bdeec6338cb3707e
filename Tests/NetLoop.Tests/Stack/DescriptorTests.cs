using NUnit.Framework;

namespace NetLoop.Tests.Stack;

/// <summary>How a stack counts the descriptors of its process.</summary>
public sealed class DescriptorTests
{
    [TestCase(PollerKind.Auto)]
    [TestCase(PollerKind.Select)]
    public void CountOpenDescriptors_ListenersMore_CountsThem(PollerKind kind)
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Ignore("Elsewhere it is an estimate.");
        }

        const int Listeners = 100;
        INetworkStack stack = NetworkStack.CreateDefault(kind);
        int before = stack.CountOpenDescriptors();
        List<SocketHandle> sockets = [];
        for (int i = 0; i < Listeners; i++)
        {
            Assert.That(stack.Listen(NetEndpoint.Tcp("127.0.0.1", 0), 1, out SocketHandle socket, out _), Is.EqualTo(SocketStatus.Ok));
            sockets.Add(socket);
        }

        // Tests that run in parallel open and close some too.
        Assert.That(stack.CountOpenDescriptors(), Is.InRange(before + (Listeners / 2), before + (Listeners * 2)));
        Assert.That(before, Is.Positive.And.LessThan(stack.MaxSockets));
        sockets.ForEach(socket => stack.Close(socket, reset: false));
    }

    [Test]
    public void DescriptorsLeft_OfASocket_IsWhatTheLimitLeavesAboveIt()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Ignore("Elsewhere it is not known.");
        }

        INetworkStack stack = NetworkStack.CreateDefault(PollerKind.Auto);
        Assert.That(stack.Listen(NetEndpoint.Tcp("127.0.0.1", 0), 1, out SocketHandle socket, out _), Is.EqualTo(SocketStatus.Ok));
        Assert.That(stack.DescriptorsLeft(socket), Is.EqualTo(stack.MaxSockets - 1 - socket.Value));
        stack.Close(socket, reset: false);
    }
}
