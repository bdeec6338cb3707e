using NetLoop.Messaging;
using NetLoop.Tests.Hosting;
using NetLoop.Time;
using NUnit.Framework;

namespace NetLoop.Tests.Messaging;

public sealed class RequestTrackerTests
{
    private TimerQueue _timers = null!;
    private Inbox _inbox = null!;

    [SetUp]
    public void Create()
    {
        _timers = new TimerQueue();
        _inbox = new Inbox(maxMessages: 16, maxBytes: 1024, onRoom: () => { });
    }

    [Test]
    public void TryAdd_AtTheLimit_IsRefusedUntilOneEnds()
    {
        var tracker = new RequestTracker(maxPending: 3, _timers, _inbox, static () => true);
        PendingRequest<Quotient, NetFormatters.Contract<Quotient>>[] requests = [.. Enumerable.Range(0, 3).Select(_ => Request())];
        foreach (PendingRequest<Quotient, NetFormatters.Contract<Quotient>> request in requests)
        {
            Assert.That(tracker.TryAdd(request, deadline: 1000), Is.True);
        }

        Assert.That(tracker.TryAdd(Request(), deadline: 1000), Is.False);
        tracker.End(requests[1]);
        Assert.That(tracker.Outstanding, Is.EqualTo(2));
        Assert.That(tracker.TryAdd(Request(), deadline: 1000), Is.True);
    }

    [Test]
    public void Find_IdOfAReusedSlot_FindsNothing()
    {
        var tracker = new RequestTracker(maxPending: 1, _timers, _inbox, static () => true);
        var seen = new HashSet<uint>();
        for (int i = 0; i < 10_000; i++)
        {
            PendingRequest<Quotient, NetFormatters.Contract<Quotient>> request = Request();
            Assert.That(tracker.TryAdd(request, deadline: 1000), Is.True);
            Assert.That(tracker.Find(request.Id), Is.SameAs(request));
            Assert.That(seen.Add(request.Id), Is.True, "an id came back soon");
            tracker.End(request);
            Assert.That(tracker.Find(request.Id), Is.Null);
        }

        Assert.That(seen, Does.Not.Contain(uint.MaxValue), "the engine's own Ping");
        Assert.That(_timers.Count, Is.Zero);
    }

    [Test]
    public void Find_AnyOtherNumber_FindsNothing()
    {
        var tracker = new RequestTracker(maxPending: 8, _timers, _inbox, static () => true);
        Assert.That(tracker.Find(0), Is.Null);
        PendingRequest<Quotient, NetFormatters.Contract<Quotient>> request = Request();
        tracker.TryAdd(request, deadline: 1000);
        foreach (uint id in new[] { 0u, request.Id + 1, request.Id - 1, request.Id ^ 0x8000_0000, uint.MaxValue })
        {
            Assert.That(tracker.Find(id), Is.Null, $"{id}");
        }
    }

    [Test]
    public void Timeout_Reached_FailsTheRequestOnce()
    {
        var tracker = new RequestTracker(maxPending: 8, _timers, _inbox, static () => true);
        PendingRequest<Quotient, NetFormatters.Contract<Quotient>> request = Request();
        tracker.TryAdd(request, deadline: 1000);
        Assert.That(_timers.FireDue(999, 10), Is.Zero);
        Assert.That(_timers.FireDue(1000, 10), Is.EqualTo(1));
        tracker.End(request);
        Assert.That(Deliver(), Is.EqualTo(1), "ended twice");
        RequestError? error = Assert.ThrowsAsync<RequestError>(() => request.Task);
        Assert.That(error!.Code, Is.EqualTo(ErrorCode.TimedOut));
        Assert.That(tracker.Outstanding, Is.Zero);
    }

    [Test]
    public void EndAll_ManyOutstanding_EndsEachOnceAndLeavesNoTimer()
    {
        var tracker = new RequestTracker(maxPending: 100, _timers, _inbox, static () => true);
        PendingRequest<Quotient, NetFormatters.Contract<Quotient>>[] requests = [.. Enumerable.Range(0, 50).Select(_ => Request())];
        Array.ForEach(requests, request => tracker.TryAdd(request, deadline: 1000));
        tracker.EndAll(ErrorCode.Cancelled, "closed");
        tracker.EndAll(ErrorCode.Cancelled, "closed");
        Assert.That(Deliver(), Is.EqualTo(50));
        Assert.That(_timers.Count, Is.Zero);
        Assert.That(requests.All(request => request.Task.Exception?.InnerException is RequestError { Code: ErrorCode.Cancelled }), Is.True);
    }

    private static PendingRequest<Quotient, NetFormatters.Contract<Quotient>> Request() => new(101, "Divide", 1000, CancellationToken.None);

    private int Deliver()
    {
        int delivered = 0;
        _inbox.Publish();
        while (_inbox.TryTake(out EnvelopeBatch? batch))
        {
            foreach (Envelope envelope in batch.Envelopes)
            {
                envelope.Deliver();
                delivered++;
            }

            _inbox.Done(batch, 0);
        }

        return delivered;
    }
}
