using NetLoop.Hosting.Client;
using NetLoop.Tests.Transports;
using NUnit.Framework;

namespace NetLoop.Tests.Hosting;

/// <summary>Several addresses of one host, on fake sockets.</summary>
public sealed class DialRaceTests
{
    private const long Millisecond = 1_000_000;

    private static readonly NetEndpoint[] Addresses =
        [NetEndpoint.Tcp("2001:db8::1", 7), NetEndpoint.Tcp("192.0.2.1", 7), NetEndpoint.Tcp("2001:db8::2", 7)];

    private readonly List<(SocketHandle Socket, NetEndpoint Address)> _connected = [];
    private FakeTransport _stack = null!;
    private ManualTimeProvider _time = null!;
    private EventLoop _loop = null!;
    private DialRace _race = null!;
    private int _failed;

    [SetUp]
    public void Create()
    {
        _connected.Clear();
        _failed = 0;
        _stack = new FakeTransport();
        _time = new ManualTimeProvider();
        _loop = new EventLoop(new EventLoopOptions { Stack = _stack, TimeProvider = _time });
        _loop.Core.BindToThread();
        _loop.Core.RunIteration();
        _race = new DialRace(_loop.Core, Addresses, 900 * Millisecond, (socket, address) => _connected.Add((socket, address)), () => _failed++);
    }

    [TearDown]
    public async Task EndLoop()
    {
        Assert.That(
            (_stack.Interests.Count, _loop.Core.Transport.Sockets.Count, _loop.Core.Transport.Timers.Count), Is.EqualTo((0, 0, 0)), "nothing is left behind");
        await _loop.DisposeAsync();
    }

    [Test]
    public void TryNext_FirstFailsAtOnce_TriesTheNextAtOnce()
    {
        Answer(SocketStatus.Unreachable, SocketStatus.ConnectionRefused, SocketStatus.Ok);
        _race.TryNext();
        Assert.That(_stack.ConnectsTo, Is.EqualTo(Addresses));
        Assert.That(_connected.Single().Address, Is.EqualTo(Addresses[2]));
        Assert.That((_race.HasFailed, _failed, _stack.Closed.Count), Is.EqualTo((false, 0, 0)));
    }

    [Test]
    public void TryNext_FirstIsConnectedToItself_TriesTheNextAtOnce()
    {
        Answer(SocketStatus.Ok, SocketStatus.Ok);
        _stack.ConnectingOf[Socket(0)] = SocketStatus.ConnectionRefused;
        _race.TryNext();
        Assert.That(_connected, Is.EqualTo([(Socket(1), Addresses[1])]));
        Assert.That(_race.Failures[0], Is.EqualTo(SocketStatus.ConnectionRefused));
        Assert.That(_stack.Reset, Is.EqualTo([Socket(0)]));
    }

    [Test]
    public void LastFailure_EveryAddressFails_IsThatOfTheLast()
    {
        Answer(SocketStatus.Unreachable, SocketStatus.TimedOut, SocketStatus.ConnectionRefused);
        _race.TryNext();
        Assert.That((_race.HasFailed, _race.LastFailure), Is.EqualTo((true, SocketStatus.ConnectionRefused)));
    }

    [Test]
    public void TryNext_NoAnswer_TriesTheNextAfterAQuarterOfASecond()
    {
        Answer(SocketStatus.InProgress, SocketStatus.InProgress, SocketStatus.InProgress);
        _race.TryNext();
        Assert.That(_stack.ConnectCalls, Is.EqualTo(1));
        Advance((250 * Millisecond) - 1);
        Assert.That(_stack.ConnectCalls, Is.EqualTo(1));
        Advance(1);
        Assert.That(_stack.ConnectCalls, Is.EqualTo(2));
        Advance(250 * Millisecond);
        Assert.That((_stack.ConnectCalls, _stack.Interests.Count), Is.EqualTo((3, 3)));

        SocketHandle winner = Socket(1);
        Finish(winner, SocketStatus.Ok);
        Assert.That(_connected, Is.EqualTo([(winner, Addresses[1])]));
        Assert.That(_stack.Closed, Is.EquivalentTo([Socket(0), Socket(2)]), "the others are given up");
        Assert.That(_stack.Reset, Is.EquivalentTo(_stack.Closed));
    }

    [Test]
    public void OnReady_AttemptFails_TheNextBeginsAtOnceAndAnotherQuarterLaterTheThird()
    {
        Answer(SocketStatus.InProgress, SocketStatus.InProgress, SocketStatus.InProgress);
        _race.TryNext();
        Advance(100 * Millisecond);
        Finish(Socket(0), SocketStatus.ConnectionRefused);
        Assert.That((_stack.ConnectCalls, _stack.Closed.Single()), Is.EqualTo((2, Socket(0))));
        Advance((250 * Millisecond) - 1);
        Assert.That(_stack.ConnectCalls, Is.EqualTo(2));
        Advance(1);
        Assert.That(_stack.ConnectCalls, Is.EqualTo(3));
        _race.Cancel();
    }

    [Test]
    public void OnReady_AttemptGoesOn_IsLeftAlone()
    {
        Answer(SocketStatus.InProgress);
        _race.TryNext();
        Finish(Socket(0), SocketStatus.InProgress);
        Assert.That((_stack.Closed.Count, _stack.Interests.Count, _stack.ConnectCalls), Is.EqualTo((0, 1, 1)));
        _race.Cancel();
    }

    [Test]
    public void OnReady_AllFail_SaysWhyForEach()
    {
        Answer(SocketStatus.InProgress, SocketStatus.Unreachable, SocketStatus.InProgress);
        _race.TryNext();
        Finish(Socket(0), SocketStatus.ConnectionRefused);
        Assert.That(_failed, Is.Zero);
        Finish(Socket(1), SocketStatus.TimedOut);
        Assert.That((_failed, _race.HasFailed, _connected.Count), Is.EqualTo((1, true, 0)));
        Assert.That(_race.Failures, Is.EqualTo([SocketStatus.ConnectionRefused, SocketStatus.Unreachable, SocketStatus.TimedOut]));
    }

    [Test]
    public void OnTimer_NobodyAnswers_EndsAtTheDeadline()
    {
        Answer(SocketStatus.InProgress, SocketStatus.ConnectionRefused, SocketStatus.InProgress);
        _race.TryNext();
        Advance(250 * Millisecond);
        Advance((650 * Millisecond) - 1);
        Assert.That(_failed, Is.Zero);
        Advance(1);
        Assert.That((_failed, _race.HasFailed), Is.EqualTo((1, true)));
        Assert.That(_race.Failures, Is.EqualTo([SocketStatus.TimedOut, SocketStatus.ConnectionRefused, SocketStatus.TimedOut]));
        Assert.That(_stack.Closed, Has.Count.EqualTo(2));
    }

    [Test]
    public void Cancel_AttemptsUnderWay_AreClosedAndNobodyIsCalled()
    {
        Answer(SocketStatus.InProgress, SocketStatus.InProgress);
        _race.TryNext();
        Advance(250 * Millisecond);
        _race.Cancel();
        Advance(5_000 * Millisecond);
        Assert.That((_stack.ConnectCalls, _stack.Closed.Count, _connected.Count, _failed, _race.HasFailed), Is.EqualTo((2, 2, 0, 0, false)));
    }

    [Test]
    public void TryNext_DescriptorOfTheRuntimesReserve_IsGivenBack()
    {
        _stack.Left = 63;
        Answer(SocketStatus.InProgress, SocketStatus.Ok, SocketStatus.InProgress);
        _race.TryNext();
        Assert.That((_failed, _stack.Closed.Count), Is.EqualTo((1, 3)));
        Assert.That(_race.Failures, Is.All.EqualTo(SocketStatus.TooManyFiles));
    }

    [Test]
    public void TryNext_PollerCannotWatch_ClosesAndGoesOn()
    {
        _stack.PollerStatus = SocketStatus.NoBuffers;
        Answer(SocketStatus.InProgress, SocketStatus.Ok);
        _race.TryNext();
        Assert.That((_connected.Single().Address, _stack.Closed.Count), Is.EqualTo((Addresses[1], 1)));
    }

    private static SocketHandle Socket(int number) => new(100 + number);

    private void Answer(params SocketStatus[] statuses)
    {
        foreach (SocketStatus status in statuses)
        {
            _stack.Connects.Enqueue(status);
        }
    }

    private void Finish(SocketHandle socket, SocketStatus status)
    {
        _stack.ConnectingOf[socket] = status;
        _stack.ReportWritable(_loop.Core.Transport, socket);
    }

    private void Advance(long nanoseconds)
    {
        _time.Advance(nanoseconds);
        _loop.Core.RunIteration();
    }
}
