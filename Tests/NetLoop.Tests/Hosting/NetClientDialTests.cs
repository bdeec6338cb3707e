using NetLoop.Tests.Transports;
using NUnit.Framework;

namespace NetLoop.Tests.Hosting;

/// <summary>A client that connects, on a loop and sockets that the test controls.</summary>
public sealed class NetClientDialTests
{
    private const long Millisecond = 1_000_000;

    private FakeTransport _stack = null!;
    private ManualTimeProvider _time = null!;
    private EventLoop _loop = null!;
    private NetClient _client = null!;

    [SetUp]
    public void Create()
    {
        _stack = new FakeTransport();
        _time = new ManualTimeProvider();
        _loop = new EventLoop(new EventLoopOptions { Stack = _stack, TimeProvider = _time });
        _loop.Core.BindToThread();
        _loop.Core.RunIteration();
        _client = NetClient.Create(NetEndpoint.Tcp("192.0.2.7", 7), o =>
        {
            o.Loop = _loop;
            o.HandshakeTimeout = TimeSpan.FromMilliseconds(100);
        });
    }

    [TearDown]
    public async Task EndLoop()
    {
        await _loop.DisposeAsync();
        Assert.That((_loop.Core.Transport.ConnectionCount, _loop.Core.Transport.Timers.Count), Is.EqualTo((0, 0)));
    }

    [Test]
    public void Dial_ListenersQueueIsFull_TriesEvery5MillisecondsUntilTheTimeout()
    {
        for (int i = 0; i < 1_000; i++)
        {
            _stack.Connects.Enqueue(SocketStatus.WouldBlock);
        }

        _client.Dial();
        for (int tries = 1; tries <= 20; tries++)
        {
            Assert.That((_stack.ConnectCalls, _client.Session.Status), Is.EqualTo((tries, SessionStatus.Opening)));
            Advance((5 * Millisecond) - 1);
            Assert.That(_stack.ConnectCalls, Is.EqualTo(tries));
            Advance(1);
        }

        Assert.That((_stack.ConnectCalls, _client.Session.Status), Is.EqualTo((21, SessionStatus.Closed)), "100 ms are over");
        Assert.That(FailureOf(_client.Opened), Is.EqualTo("tcp://192.0.2.7:7 does not answer."));
        Assert.That(_client.Closed.Result.Reason, Is.EqualTo(CloseReason.TransportError));
        Advance(100 * Millisecond);
        Assert.That(_stack.ConnectCalls, Is.EqualTo(21));
    }

    [Test]
    public void Dial_ListenersQueueHasRoomLater_Connects()
    {
        _stack.Connects.Enqueue(SocketStatus.WouldBlock);
        _stack.Connects.Enqueue(SocketStatus.InProgress);
        _client.Dial();
        Advance(5 * Millisecond);
        Assert.That((_stack.ConnectCalls, _loop.Core.Transport.ConnectionCount), Is.EqualTo((2, 1)));
        Assert.That(_client.Session.Status, Is.EqualTo(SessionStatus.Opening));
    }

    [Test]
    public void Dial_ClosedWhileItWaits_TriesNoMore()
    {
        for (int i = 0; i < 10; i++)
        {
            _stack.Connects.Enqueue(SocketStatus.WouldBlock);
        }

        _client.Dial();
        _client.Session.Close();
        Advance(50 * Millisecond);
        Assert.That(_stack.ConnectCalls, Is.EqualTo(1));
        Assert.That(_client.Closed.Result.Reason, Is.EqualTo(CloseReason.Normal));
    }

    [TestCase(SocketStatus.ConnectionRefused, "192.0.2.7:7")]
    [TestCase(SocketStatus.Unreachable, "192.0.2.7:7")]
    [TestCase(SocketStatus.TooManyFiles, "no free descriptor")]
    public void Dial_SystemRefuses_SaysWhyAndTriesNoMore(SocketStatus status, string text)
    {
        _stack.Connects.Enqueue(status);
        _client.Dial();
        Assert.That(FailureOf(_client.Opened), Does.Contain(text));
        Assert.That((_client.Session.Status, _client.Closed.Result.Reason), Is.EqualTo((SessionStatus.Closed, CloseReason.TransportError)));
        Advance(50 * Millisecond);
        Assert.That(_stack.ConnectCalls, Is.EqualTo(1));
    }

    [TestCase(64, 1, 0)]
    [TestCase(63, 0, 1)]
    public void Dial_DescriptorOfTheRuntimesReserve_IsGivenBack(int left, int connections, int closed)
    {
        _stack.Left = left;
        _stack.Connects.Enqueue(SocketStatus.InProgress);
        _client.Dial();
        Assert.That((_loop.Core.Transport.ConnectionCount, _stack.Closed.Count, _stack.Reset.Count), Is.EqualTo((connections, closed, closed)));
        Assert.That(_client.Opened.IsFaulted, Is.EqualTo(closed == 1));
    }

    [Test]
    public void Dial_PollerCannotWatch_SaysWhyAndLeavesNothing()
    {
        _stack.PollerStatus = SocketStatus.NoBuffers;
        _stack.Connects.Enqueue(SocketStatus.InProgress);
        _client.Dial();
        Assert.That(_client.Opened.IsFaulted, Is.True);
        Assert.That((_loop.Core.Transport.ConnectionCount, _stack.Closed.Count, _loop.Core.Services.Sessions.Count), Is.EqualTo((0, 1, 0)));
    }

    [Test]
    public void Dial_NoAnswer_EndsAtTheTimeout()
    {
        _stack.Connects.Enqueue(SocketStatus.InProgress);
        _client.Dial();
        Advance((100 * Millisecond) - 1);
        Assert.That(_client.Opened.IsCompleted, Is.False);
        Advance(1);
        Assert.That(FailureOf(_client.Opened), Is.EqualTo("tcp://192.0.2.7:7 does not answer."));
        Assert.That(_loop.Core.Transport.ConnectionCount, Is.Zero);
    }

    private static string FailureOf(Task task)
    {
        Assert.That(task.IsFaulted, Is.True);
        Assert.That(task.Exception!.InnerException, Is.TypeOf<NetConnectException>());
        return task.Exception.InnerException!.Message;
    }

    private void Advance(long nanoseconds)
    {
        _time.Advance(nanoseconds);
        _loop.Core.RunIteration();
    }
}
