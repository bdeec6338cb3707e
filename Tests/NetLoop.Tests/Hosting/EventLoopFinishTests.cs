using NetLoop.Messaging;
using NetLoop.Tests.Transports;
using NUnit.Framework;

namespace NetLoop.Tests.Hosting;

/// <summary>The end of a loop, in which each step may fail.</summary>
public sealed class EventLoopFinishTests
{
    private CollectingLoggerFactory _log = null!;
    private ThrowingPoller _poller = null!;
    private EventLoop _loop = null!;
    private int _failed;

    [SetUp]
    public void Create()
    {
        _failed = 0;
        _log = new CollectingLoggerFactory();
        _poller = new ThrowingPoller();
        _loop = new EventLoop(new EventLoopOptions
        {
            Stack = new FakeTransport { Poller = _poller },
            TimeProvider = new ManualTimeProvider(),
            LoggerFactory = _log,
        })
        {
            OnFailed = () => _failed++,
        };
        _loop.Begin();
    }

    [Test]
    public void Finish_NothingFails_CompletesAndDiscardsWhatIsInside()
    {
        var inside = new Work();
        _loop.Core.Inbox.Add(inside);
        int ran = 0;
        _loop.Core.CommandQueue.Write(new LoopCommand(new Target(() => ran++)));
        _loop.Finish(null);
        Assert.That(_loop.Completion.IsCompletedSuccessfully, Is.True);
        Assert.That((ran, inside.Discarded, _poller.Disposed, _failed), Is.EqualTo((1, 1, 1, 0)));
        Assert.That(_loop.Core.Services.IsOver, Is.True);
    }

    [Test]
    public void Finish_ACommandThrows_TheOtherStepsHaveTheirTurn()
    {
        var inside = new Work();
        _loop.Core.Inbox.Add(inside);
        var first = new InvalidOperationException("the first, thrown by a test");
        _loop.Core.CommandQueue.Write(new LoopCommand(new Target(() => throw first)));
        _poller.Failure = new InvalidOperationException("the second, thrown by a test");
        _loop.Finish(null);
        Assert.That(_loop.Completion.Exception!.InnerException, Is.SameAs(first));
        Assert.That((inside.Discarded, _poller.Disposed, _failed), Is.EqualTo((1, 1, 1)));
        Assert.That(_log.Lines.Count(line => line.Id == 1009), Is.EqualTo(2), "each is said");
    }

    [Test]
    public void Finish_OfAFailure_FaultsWithThatAndTellsOnce()
    {
        var failure = new InvalidOperationException("thrown by a test");
        _poller.Failure = new InvalidOperationException("another, thrown by a test");
        _loop.OnFailed += () => throw new InvalidOperationException("a third, thrown by a test");
        _loop.Finish(failure);
        Assert.That(_loop.Completion.Exception!.InnerException, Is.SameAs(failure));
        Assert.That(_failed, Is.EqualTo(1));
    }

    private sealed class Target(Action onCommand) : ICommandTarget
    {
        public void OnCommand(in LoopCommand item) => onCommand();
    }

    private sealed class Work : Envelope
    {
        public int Discarded { get; private set; }

        public override void Deliver()
        {
        }

        public override void Discard() => Discarded++;
    }

    private sealed class ThrowingPoller : IPoller
    {
        public Exception? Failure { get; set; }

        public int Disposed { get; private set; }

        public int Wait(Span<ReadyEvent> events, long timeoutNanoseconds) => 0;

        public SocketStatus Add(SocketHandle socket, Interest interest, Token token) => SocketStatus.Ok;

        public SocketStatus Modify(SocketHandle socket, Interest interest, Token token) => SocketStatus.Ok;

        public SocketStatus Remove(SocketHandle socket) => SocketStatus.Ok;

        public void Wake()
        {
            // The test runs the loop.
        }

        public void Dispose()
        {
            Disposed++;
            if (Failure is not null)
            {
                throw Failure;
            }
        }
    }
}
