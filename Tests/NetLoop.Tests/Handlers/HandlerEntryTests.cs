using NetLoop.Messaging;
using NetLoop.Tests.Hosting;
using NetLoop.Tests.Sessions;
using NUnit.Framework;

namespace NetLoop.Tests.Handlers;

/// <summary>How messages that arrive together share envelopes, and that each is handled once, for its session, in order.</summary>
public sealed class HandlerEntryTests
{
    private readonly List<(Session Session, string Text)> _said = [];

    [SetUp]
    public void Clear() => _said.Clear();

    [Test]
    public void Dispatch_MessagesInARow_ShareEnvelopesOf16()
    {
        using SessionBench bench = Create();
        Session session = bench.Open();
        for (int round = 0; round < 2; round++)
        {
            bench.Receive(session, [.. Enumerable.Range(0, 40).Select(Say)]);
            Assert.That((bench.Core.Inbox.Depth, MessagesOfEnvelopes(bench)), Is.EqualTo((40L, "16 16 8")));
            Assert.That(_said.Select(one => one.Text), Is.EqualTo(Enumerable.Range(0, 40).Select(i => $"{i}")));
            Assert.That((bench.Core.Inbox.Depth, bench.Core.Inbox.HeldBytes), Is.EqualTo((0L, 0L)));
            _said.Clear();
        }
    }

    [Test]
    public void Dispatch_MessagesArriveApart_FillTheSameEnvelope()
    {
        using SessionBench bench = Create();
        Session session = bench.Open();
        for (int i = 0; i < 20; i++)
        {
            bench.Receive(session, Say(i));
        }

        Assert.That(MessagesOfEnvelopes(bench), Is.EqualTo("16 4"));
        Assert.That(_said.Select(one => one.Text), Is.EqualTo(Enumerable.Range(0, 20).Select(i => $"{i}")));
    }

    [Test]
    public void Dispatch_SeveralSessionsInTurn_EachMessageKeepsItsSession()
    {
        using SessionBench bench = Create();
        Session[] sessions = [bench.Open(), bench.Open(), bench.Open()];
        List<(Session, string)> expected = [];
        for (int i = 0; i < 12; i++)
        {
            Session session = sessions[i % 3];
            int count = 1 + (i % 2);
            bench.Receive(session, [.. Enumerable.Range(0, count).Select(one => Say((100 * i) + one))]);
            expected.AddRange(Enumerable.Range(0, count).Select(one => (session, $"{(100 * i) + one}")));
        }

        Assert.That(MessagesOfEnvelopes(bench), Is.EqualTo("16 2"), "an envelope is of a handler, not of a session");
        Assert.That(_said, Is.EqualTo(expected).AsCollection);
    }

    [Test]
    public void Dispatch_AnotherHandlerInBetween_KeepsTheOrder()
    {
        using SessionBench bench = Create();
        Session session = bench.Open();
        byte[] blob = Wire.Frame(Wire.Message, 73, Wire.Array(new byte[3]));
        bench.Receive(session, Say(1), Say(2), blob, blob, Say(3), blob);
        Assert.That(MessagesOfEnvelopes(bench), Is.EqualTo("2 2 1 1"));
        Assert.That(_said.Select(one => one.Text), Is.EqualTo(new[] { "1", "2", "blob", "blob", "3", "blob" }));
    }

    [Test]
    public void Dispatch_AlmostFullInbox_TakesWhatHasRoom()
    {
        using SessionBench bench = Create(loop: o => o.MaxInboxMessages = 20);
        Session session = bench.Open();
        bench.Receive(session, [.. Enumerable.Range(0, 30).Select(Say)]);
        Assert.That((bench.Core.Inbox.Depth, bench.ConnectionOf(session).IsReadPaused), Is.EqualTo((20L, true)));
        bench.Run();
        bench.Run();
        Assert.That(_said.Select(one => one.Text), Is.EqualTo(Enumerable.Range(0, 30).Select(i => $"{i}")));
    }

    [Test]
    public void Dispatch_BytesOfTheInboxAreUsedUp_TakesNoMore()
    {
        using SessionBench bench = Create(loop: o => o.MaxInboxBytes = 1_000);
        Session session = bench.Open();
        byte[] large = Wire.Frame(Wire.Message, 73, Wire.Array(new byte[400]));
        bench.Receive(session, [.. Enumerable.Repeat(large, 7)]);
        long each = bench.Core.Inbox.HeldBytes / bench.Core.Inbox.Depth;
        Assert.That(each, Is.InRange(400, 500));
        Assert.That(bench.Core.Inbox.Depth, Is.EqualTo((1_000 + each - 1) / each), "the last one may go beyond the limit, and no further");
        for (int i = 0; i < 5; i++)
        {
            bench.Run();
        }

        Assert.That((_said.Count, bench.Core.Inbox.HeldBytes), Is.EqualTo((7, 0L)));
    }

    [Test]
    public void Dispatch_BadMessageAmongOthers_HandlesThoseBeforeIt([Values(1, 3)] int before)
    {
        using SessionBench bench = Create();
        Session session = bench.Open();
        byte[] bad = Wire.Frame(Wire.Message, 72, Wire.Array(7));
        bench.Receive(session, [.. Enumerable.Range(0, before).Select(Say), bad, Say(99)]);
        Assert.That(bench.Core.Inbox.HeldBytes, Is.GreaterThan(0));
        bench.Run();
        bench.Run();
        Assert.That(_said.Select(one => one.Text), Is.EqualTo(Enumerable.Range(0, before).Select(i => $"{i}")));
        Assert.That(bench.Closed.Single().Info.Reason, Is.EqualTo(CloseReason.Malformed));

        // The envelope into which the invalid message was read is reused.
        Session next = bench.Open();
        _said.Clear();
        bench.Receive(next, Say(5));
        bench.Run();
        Assert.That(_said, Is.EqualTo(new[] { (next, "5") }));
    }

    [Test]
    public void Dispatch_BytesBehindTheMessage_AreMalformed()
    {
        using SessionBench bench = Create();
        Session session = bench.Open();
        byte[] body = [.. Wire.Body(Wire.Message, 72, Wire.Array("x")), 0xC0];
        bench.Receive(session, Say(1), Wire.Framed(body));
        bench.Run();
        bench.Run();
        Assert.That(bench.Closed.Single().Info.Reason, Is.EqualTo(CloseReason.Malformed));
        Assert.That(_said, Has.Count.EqualTo(1));
    }

    [Test]
    public void Discard_EnvelopeOfPendingHandlers_GivesEverythingBack()
    {
        using var bench = new SessionBench();
        bench.Handlers.On<Say>(async (_, _) => await Task.Yield(), new OffloadOptions { Capacity = 3 });
        Session session = bench.Open();
        bench.Receive(session, Say(1), Say(2));
        Assert.That((session.PendingHandlers, bench.Handlers.ReservedPlaces(), session.PendingBytes > 0), Is.EqualTo((2, 2, true)));
        bench.Core.DiscardInbox();
        Assert.That((session.PendingHandlers, bench.Handlers.ReservedPlaces(), session.PendingBytes), Is.EqualTo((0, 0, 0L)));
    }

    [Test]
    public void Dispatch_OffloadedHandlerIsFull_PausesUntilAPlaceIsFree()
    {
        List<IThreadPoolWorkItem> started = [];
        using var bench = new SessionBench(loop: o => o.Workers = started.Add);
        bench.Handlers.On<Say>((session, in say) => _said.Add((session, say.Text)), new OffloadOptions { Capacity = 2 });
        Session session = bench.Open();
        bench.Receive(session, [.. Enumerable.Range(0, 5).Select(Say)]);
        Assert.That((bench.Handlers.ReservedPlaces(), bench.ConnectionOf(session).IsReadPaused), Is.EqualTo((2, true)));
        int[] handledAfterEach = [2, 4, 5];
        foreach (int handled in handledAfterEach)
        {
            bench.Run();
            started.ForEach(worker => worker.Execute());
            started.Clear();
            Assert.That(_said, Has.Count.EqualTo(handled));
            bench.Run();
        }

        Assert.That(_said.Select(one => one.Text), Is.EqualTo(Enumerable.Range(0, 5).Select(i => $"{i}")));
        Assert.That((bench.Handlers.ReservedPlaces(), session.PendingHandlers, session.PendingBytes), Is.EqualTo((0, 0, 0L)));
    }

    [Test]
    public void Run_MoreHandlerTimeThanAllowed_EndsTheSessionThatTookItAlone()
    {
        using var bench = new SessionBench(listen => listen.RateLimit = new RateLimitOptions { HandlerTimePerSecond = TimeSpan.FromMilliseconds(10) });
        bench.Handlers.On<Say>((session, in say) =>
        {
            _said.Add((session, say.Text));
            bench.Time.Advance(TimeSpan.FromMilliseconds(say.Text.Length));
        });
        Session[] sessions = [bench.Open(), bench.Open()];
        byte[] four = Wire.Frame(Wire.Message, 72, Wire.Array("4444"));
        bench.Receive(sessions[0], four, four);
        bench.Receive(sessions[1], four);
        bench.Receive(sessions[0], four);
        bench.Run();
        Assert.That(sessions.Select(session => session.Status), Is.All.EqualTo(SessionStatus.Open), "12 ms, the last of them on credit");
        bench.Receive(sessions[0], four, four);
        bench.Receive(sessions[1], four);
        bench.Run();
        Assert.That(sessions.Select(session => session.Status), Is.EqualTo(new[] { SessionStatus.Closed, SessionStatus.Open }));
        Assert.That(bench.Ended.Single().Info.Reason, Is.EqualTo(CloseReason.RateLimited));
        Assert.That(_said.Count(one => one.Session == sessions[0]), Is.EqualTo(4), "the message behind is not handled");
        Assert.That(_said.Count(one => one.Session == sessions[1]), Is.EqualTo(2));
    }

    private static byte[] Say(int number) => Wire.Frame(Wire.Message, 72, Wire.Array($"{number}"));

    private SessionBench Create(Action<EventLoopOptions>? loop = null)
    {
        var bench = new SessionBench(loop: loop);
        bench.Handlers.On<Say>((session, in say) => _said.Add((session, say.Text)));
        bench.Handlers.On<Blob>((session, in _) => _said.Add((session, "blob")));
        return bench;
    }

    /// <summary>Delivers the contents of the inbox, and returns the number of messages in each envelope.</summary>
    private static string MessagesOfEnvelopes(SessionBench bench)
    {
        List<int> messages = [];
        bench.Core.Inbox.Publish();
        while (bench.Core.Inbox.TryTake(out EnvelopeBatch? batch))
        {
            long bytes = 0;
            foreach (Envelope envelope in batch.Envelopes)
            {
                messages.Add(envelope.Messages);
                bytes += envelope.ChargedBytes;
                envelope.Deliver();
            }

            bench.Core.Inbox.Done(batch, bytes);
        }

        return string.Join(' ', messages);
    }
}
