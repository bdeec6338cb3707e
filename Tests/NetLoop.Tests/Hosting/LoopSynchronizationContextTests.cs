using NUnit.Framework;
using NetLoop.Hosting.Loop;

namespace NetLoop.Tests.Hosting;

public sealed class LoopSynchronizationContextTests
{
    private LoopCore _core = null!;
    private LoopSynchronizationContext _context = null!;
    private CollectingLoggerFactory _log = null!;

    [SetUp]
    public void CreateLoop()
    {
        _log = new CollectingLoggerFactory();
        _core = new LoopCore(new EventLoopOptions { TimeProvider = new ManualTimeProvider(), LoggerFactory = _log });
        _core.BindToThread();
        _context = new LoopSynchronizationContext(_core.Services);
    }

    [TearDown]
    public void DisposeLoop() => _core.Dispose();

    [Test]
    public void Post_OnTheLoop_RunsInTheNextHandlersTurn()
    {
        List<object?> ran = [];
        _context.Post(ran.Add, "first");
        _context.Post(ran.Add, "second");
        Assert.That(ran, Is.Empty);
        Iterate();
        Assert.That(ran, Is.EqualTo(new[] { "first", "second" }));
        Iterate();
        Assert.That(ran, Has.Count.EqualTo(2));
    }

    [Test]
    public void Post_FromElsewhere_ComesThroughTheOutbox()
    {
        List<object?> ran = [];
        var other = new Thread(() => _context.Post(ran.Add, "from elsewhere"));
        other.Start();
        other.Join();
        Assert.That(_core.CommandQueue.HasItems, Is.True);
        Iterate();
        Iterate();
        Assert.That(ran, Is.EqualTo(new[] { "from elsewhere" }));
    }

    [Test]
    public void Post_LoopHasEnded_RunsInTheThreadPool()
    {
        _core.Services.UnbindFromThread();
        _core.CommandQueue.Complete();
        var ran = new TaskCompletionSource<object?>(TaskCreationOptions.RunContinuationsAsynchronously);
        _context.Post(ran.SetResult, "late");
        Assert.That(ran.Task.Wait(TestHost.Patience), Is.True);
        Assert.That(ran.Task.Result, Is.EqualTo("late"));
        _core.BindToThread();
    }

    [Test]
    public void Post_InTheInboxAtTheEnd_RunsOnce()
    {
        int ran = 0;
        _context.Post(_ => ran++, null);
        _core.DiscardInbox();
        Assert.That(ran, Is.EqualTo(1));
    }

    [Test]
    public void Post_CallbackThrows_IsCountedAndLoggedAndTheNextRuns()
    {
        int ran = 0;
        _context.Post(_ => throw new InvalidOperationException("the rest of an async void"), null);
        _context.Post(_ => ran++, null);
        Iterate();
        Assert.That(ran, Is.EqualTo(1));
        Assert.That(_core.Counters.HandlerFaults, Is.EqualTo(1));
        Assert.That(_log.Lines.Select(line => line.Text), Has.Exactly(1).Contains("async void"));
    }

    [Test]
    public void Send_Anything_IsNotSupported() => Assert.Throws<NotSupportedException>(() => _context.Send(_ => { }, null));

    [Test]
    public void CreateCopy_Context_IsItself() => Assert.That(_context.CreateCopy(), Is.SameAs(_context));

    private void Iterate()
    {
        _core.Wake(); // Nothing else would end its wait.
        _core.RunIteration();
    }
}
