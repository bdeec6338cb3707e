using NetLoop.CompilerServices;
using NetLoop.Messaging;
using NetLoop.Tests.Hosting;
using NetLoop.Time;
using NUnit.Framework;

namespace NetLoop.Tests.Messaging;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Parallelizable(ParallelScope.All)]
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
    public void TryAdd_AtTheLimit_IsRejectedUntilOneEnds()
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
        RequestException? error = Assert.ThrowsAsync<RequestException>(() => request.Task);
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
        Assert.That(requests.All(request => request.Task.Exception?.InnerException is RequestException { Code: ErrorCode.Cancelled }), Is.True);
    }

    [Test]
    public void TryAdd_AllSlots_EachIsFoundWhateverTheOrderInWhichTheyEnd()
    {
        var tracker = new RequestTracker(RequestTracker.MaxSlots, _timers, _inbox, static () => true);
        for (int round = 0; round < 2; round++)
        {
            PendingRequest<Quotient, NetFormatters.Contract<Quotient>>[] requests = [.. Enumerable.Range(0, RequestTracker.MaxSlots).Select(_ => Request())];
            foreach (PendingRequest<Quotient, NetFormatters.Contract<Quotient>> request in requests)
            {
                Assert.That(tracker.TryAdd(request, deadline: 1000), Is.True);
            }

            Assert.That(tracker.Outstanding, Is.EqualTo(RequestTracker.MaxSlots));
            Assert.That(tracker.TryAdd(Request(), deadline: 1000), Is.False);
            Assert.That(_timers.Count, Is.EqualTo(RequestTracker.MaxSlots), "a refused request has no timeout");
            Assert.That(requests.Select(request => request.Id), Is.Unique.And.No.Member(uint.MaxValue));
            new Random(round).Shuffle(requests);
            for (int i = 0; i < requests.Length; i++)
            {
                Assert.That(tracker.Find(requests[i].Id), Is.SameAs(requests[i]));
                tracker.End(requests[i]);
                tracker.End(requests[i]);
                Assert.That(tracker.Outstanding, Is.EqualTo(requests.Length - i - 1));
            }

            Assert.That(_timers.Count, Is.Zero);
            Assert.That(Deliver(), Is.EqualTo(RequestTracker.MaxSlots));
        }
    }

    [Test]
    public void TryAdd_CountWrapsAround_NumbersStayTheirOwnAndOutsideOfPing()
    {
        var tracker = new RequestTracker(RequestTracker.MaxSlots, _timers, _inbox, static () => true);
        System.Reflection.FieldInfo count = typeof(RequestTracker).GetField(
            "_count", System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.NonPublic)!;
        count.SetValue(tracker, 0xF_FFFDu - (RequestTracker.MaxSlots / 2));
        PendingRequest<Quotient, NetFormatters.Contract<Quotient>>[] requests = [.. Enumerable.Range(0, RequestTracker.MaxSlots).Select(_ => Request())];
        Array.ForEach(requests, request => tracker.TryAdd(request, deadline: 1000));
        Assert.That(requests.Select(request => request.Id), Is.Unique);
        Assert.That(requests.Max(request => request.Id) >> 12, Is.EqualTo(0xF_FFFD), "the last one before it begins again");
        Assert.That(requests.Min(request => request.Id) >> 12, Is.Zero);
        Assert.That(requests.All(request => tracker.Find(request.Id) == request), Is.True);
        Assert.That(tracker.Find(uint.MaxValue), Is.Null);
        tracker.EndAll(ErrorCode.Cancelled, "closed");
        Deliver();
    }

    [Test]
    public void OnTimeout_NothingCanBeRead_WaitsTwiceItsTimeAtMost()
    {
        int asked = 0;
        var tracker = new RequestTracker(maxPending: 8, _timers, _inbox, () => ++asked < 0);
        PendingRequest<Quotient, NetFormatters.Contract<Quotient>> request = Request();
        tracker.TryAdd(request, deadline: 5_000);
        Assert.That(_timers.FireDue(4_999, 10), Is.Zero);
        long ended = 0;
        for (long now = 5_000; ended == 0 && now < 10_000; now++)
        {
            _timers.FireDue(now, 10);
            Assert.That(_timers.Count, Is.EqualTo(tracker.Outstanding), $"{now}");
            ended = tracker.Outstanding == 0 ? now : 0;
        }

        // A twentieth of the 1,000 ns and one, until no less than all of them are over.
        Assert.That(ended, Is.EqualTo(5_000 + (20 * 51)));
        Assert.That(asked, Is.EqualTo(21));
        Assert.That(Deliver(), Is.EqualTo(1));
        Assert.That(Assert.ThrowsAsync<RequestException>(() => request.Task)!.Code, Is.EqualTo(ErrorCode.TimedOut));
    }

    [Test]
    public void OnTimeout_ResponseIsReadAtLast_EndsWithIt([Values] bool isAllRead)
    {
        RequestTracker tracker = null!;
        PendingRequest<Quotient, NetFormatters.Contract<Quotient>> request = Request();
        int asked = 0;
        tracker = new RequestTracker(maxPending: 8, _timers, _inbox, () =>
        {
            if (++asked == 3)
            {
                var reader = new NetReader([0x91, 0xCB, 0x40, 0, 0, 0, 0, 0, 0, 0]);
                Assert.That(tracker.Find(request.Id), Is.SameAs(request));
                Assert.That(request.TryReadResult(ref reader, out _), Is.True);
                tracker.End(request);
                return isAllRead;
            }

            return false;
        });
        tracker.TryAdd(request, deadline: 1_000);
        for (long now = 1_000; now < 3_000; now++)
        {
            _timers.FireDue(now, 10);
        }

        Assert.That(asked, Is.EqualTo(3));
        Assert.That((_timers.Count, tracker.Outstanding), Is.EqualTo((0, 0)));
        Assert.That(Deliver(), Is.EqualTo(1));
        Assert.That(request.Task.Result.Value, Is.EqualTo(2.0));
    }

    [Test]
    public void OnTimeout_EverythingIsReadLater_TimesOutThen()
    {
        int asked = 0;
        var tracker = new RequestTracker(maxPending: 8, _timers, _inbox, () => ++asked > 2);
        PendingRequest<Quotient, NetFormatters.Contract<Quotient>> request = Request();
        tracker.TryAdd(request, deadline: 1_000);
        Assert.That(_timers.FireDue(1_000, 10), Is.EqualTo(1));
        Assert.That(_timers.NextDue, Is.EqualTo(1_051));
        Assert.That(_timers.FireDue(1_051, 10), Is.EqualTo(1));
        Assert.That(_timers.NextDue, Is.EqualTo(1_102));
        Assert.That(tracker.Outstanding, Is.EqualTo(1));
        Assert.That(_timers.FireDue(1_102, 10), Is.EqualTo(1));
        Assert.That((_timers.Count, tracker.Outstanding), Is.EqualTo((0, 0)));
        Assert.That(Deliver(), Is.EqualTo(1));
        Assert.That(Assert.ThrowsAsync<RequestException>(() => request.Task)!.Code, Is.EqualTo(ErrorCode.TimedOut));
    }

    [Test]
    public void EndAll_SomeEndedBefore_EndsTheOthersAndLeavesRoomForAsMany()
    {
        var tracker = new RequestTracker(maxPending: 5, _timers, _inbox, static () => true);
        PendingRequest<Quotient, NetFormatters.Contract<Quotient>>[] requests = [.. Enumerable.Range(0, 5).Select(_ => Request())];
        Array.ForEach(requests, request => tracker.TryAdd(request, deadline: 1000));
        tracker.End(requests[0]);
        tracker.End(requests[4], ErrorCode.Cancelled, "cancelled");
        tracker.EndAll(ErrorCode.ServerStopping, "closed");
        Assert.That(tracker.Outstanding, Is.Zero);
        Assert.That(Deliver(), Is.EqualTo(5));
        Assert.That(requests[1..4].All(request => request.Task.Exception?.InnerException is RequestException { Code: ErrorCode.ServerStopping }), Is.True);
        Assert.That(
            requests[4].Task.Exception?.InnerException,
            Is.InstanceOf<RequestException>().With.Property(nameof(RequestException.Code)).EqualTo(ErrorCode.Cancelled));
        for (int i = 0; i < 5; i++)
        {
            Assert.That(tracker.TryAdd(Request(), deadline: 1000), Is.True);
        }

        Assert.That(tracker.TryAdd(Request(), deadline: 1000), Is.False);
    }

    [Test]
    public void End_RequestThatWasNeverAdded_ChangesNothing()
    {
        var tracker = new RequestTracker(maxPending: 5, _timers, _inbox, static () => true);
        PendingRequest<Quotient, NetFormatters.Contract<Quotient>> request = Request();
        tracker.TryAdd(request, deadline: 1000);
        tracker.End(Request());
        tracker.End(Request(), ErrorCode.Cancelled, "");
        Assert.That((tracker.Outstanding, _timers.Count, Deliver()), Is.EqualTo((1, 1, 0)));
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
            _inbox.Publish();
        }

        return delivered;
    }
}
