using NetLoop.Tests.Hosting;
using NUnit.Framework;

namespace NetLoop.Tests.Sessions;

/// <summary>Limits exact to the message and the byte, also the second time, and what is counted when a limit is reached.</summary>
public sealed class SessionLimitTests
{
    private static readonly byte[] SayFrame = Wire.Frame(Wire.Message, 72, Wire.Array("x"));

    [Test]
    public void Send_AsManyAsTheQueueTakes_TheNextEndsTheSession()
    {
        using var bench = new SessionBench(listen => listen.MaxSendQueueMessages = 3);
        Session session = bench.Open();
        for (int round = 0; round < 2; round++)
        {
            for (int i = 0; i < 3; i++)
            {
                Assert.That(session.Send(new Say("x")), Is.EqualTo(SendStatus.Sent));
            }

            bench.SendAll();
        }

        for (int i = 0; i < 3; i++)
        {
            Assert.That(session.Send(new Say("x")), Is.EqualTo(SendStatus.Sent));
        }

        Assert.That(bench.Counters.SendsRejected, Is.Zero);
        Assert.That(session.Send(new Say("x")), Is.EqualTo(SendStatus.Overflow));
        Assert.That((session.Status, bench.Counters.SendsRejected), Is.EqualTo((SessionStatus.Closed, 1L)));
        Assert.That(session.Send(new Say("x")), Is.EqualTo(SendStatus.Closed));
        Assert.That(bench.Counters.SendsRejected, Is.EqualTo(2));
        Assert.That(bench.Ended.Single().Info.Reason, Is.EqualTo(CloseReason.SlowConsumer));
        bench.Run();
        Assert.That(bench.Closed.Single().Info.Reason, Is.EqualTo(CloseReason.SlowConsumer));
    }

    [Test]
    public void SendRaw_AsLongAsAFrame_FitsAndNotAByteMore()
    {
        using var bench = new SessionBench(listen => listen.MaxBodyBytes = 100);
        Session session = bench.Open();
        for (int round = 1; round <= 2; round++)
        {
            Assert.That(session.SendRaw(new byte[100]), Is.EqualTo(SendStatus.Sent));
            Assert.That(session.SendRaw(new byte[101]), Is.EqualTo(SendStatus.TooLarge));
            Assert.That(session.AppendEncoded(new byte[100]), Is.EqualTo(SendStatus.Sent));
            Assert.That(session.AppendEncoded(new byte[101]), Is.EqualTo(SendStatus.TooLarge));
            Assert.That(bench.Counters.SendsRejected, Is.EqualTo(2 * round));
        }

        Assert.That((session.Status, session.QueuedBytes), Is.EqualTo((SessionStatus.Open, 4 * 104)));
    }

    [TestCase(1)]
    [TestCase(4)]
    public void MaxPendingHandlers_AsManyRun_TheNextWaitsUntilOneEnds(int most)
    {
        using var bench = new SessionBench(listen => listen.MaxPendingHandlers = most);
        var running = new Queue<TaskCompletionSource>();
        bench.Handlers.On<Say>((_, _) =>
        {
            running.Enqueue(new TaskCompletionSource());
            return new ValueTask(running.Last().Task);
        });
        Session session = bench.Open();
        bench.Receive(session, [.. Enumerable.Repeat(SayFrame, most + 2)]);
        bench.Run();
        for (int ended = 0; ended < 2; ended++)
        {
            Assert.That((session.PendingHandlers, running.Count), Is.EqualTo((most, most)));
            Assert.That(bench.ConnectionOf(session).IsReadPaused, Is.True);
            running.Dequeue().SetResult();
            bench.Run();
            bench.Run();
        }

        Assert.That(bench.ConnectionOf(session).IsReadPaused, Is.False);
        while (running.TryDequeue(out TaskCompletionSource? next))
        {
            next.SetResult();
        }

        bench.Run();
        Assert.That((session.PendingHandlers, session.PendingBytes, bench.Counters.BodiesIn), Is.EqualTo((0, 0L, (long)most + 3)), "Hello counts too");
    }

    [Test]
    public void MaxPendingHandlerBytes_AsMuchIsHeld_TheNextWaitsUntilItIsGivenBack()
    {
        using var bench = new SessionBench(listen => listen.MaxPendingHandlerBytes = 1_000);
        var running = new Queue<TaskCompletionSource>();
        bench.Handlers.On<Blob>((_, _) =>
        {
            running.Enqueue(new TaskCompletionSource());
            return new ValueTask(running.Last().Task);
        });
        Session session = bench.Open();
        byte[] large = Wire.Frame(Wire.Message, 73, Wire.Array(new byte[2_000]));
        byte[] small = Wire.Frame(Wire.Message, 73, Wire.Array(new byte[1]));
        bench.Receive(session, small, large, small);
        bench.Run();
        Assert.That(session.PendingHandlers, Is.EqualTo(2), "the second finds room before it, the third does not");
        running.Dequeue().SetResult();
        bench.Run();
        bench.Run();
        Assert.That(session.PendingHandlers, Is.EqualTo(1), "the large one is still there");
        running.Dequeue().SetResult();
        bench.Run();
        bench.Run();
        Assert.That(session.PendingHandlers, Is.EqualTo(1), "the third");
        running.Dequeue().SetResult();
        bench.Run();
        Assert.That((session.PendingHandlers, session.PendingBytes), Is.EqualTo((0, 0L)));
    }

    [Test]
    public void Receive_InboxIsFull_PausesOnceAndGoesOnInOrder()
    {
        List<string> said = [];
        using var bench = new SessionBench(loop: o => o.MaxInboxMessages = 3);
        bench.Handlers.On<Say>((_, in say) => said.Add(say.Text));
        Session session = bench.Open();
        bench.Receive(session, [.. Enumerable.Range(0, 8).Select(i => Wire.Frame(Wire.Message, 72, Wire.Array($"{i}")))]);
        Assert.That((bench.Core.Inbox.Depth, bench.Counters.ReadPauses, bench.ConnectionOf(session).IsReadPaused), Is.EqualTo((3L, 1L, true)));
        for (int i = 0; i < 5; i++)
        {
            bench.Run();
        }

        Assert.That(said, Is.EqualTo(Enumerable.Range(0, 8).Select(i => $"{i}")).AsCollection);
        Assert.That((bench.Core.Inbox.Depth, bench.Core.Inbox.HeldBytes, bench.ConnectionOf(session).IsReadPaused), Is.EqualTo((0L, 0L, false)));
        Assert.That(bench.Counters.BodiesIn, Is.EqualTo(9), "Hello counts too");
    }

    [Test]
    public void RequestAsync_AsManyAsMayBePending_TheNextIsOverloaded()
    {
        using var bench = new SessionBench(listen => listen.MaxPendingRequests = 2);
        Session session = bench.Open();
        for (int round = 0; round < 2; round++)
        {
            Task<Quotient>[] asked = [.. Enumerable.Range(0, 3).Select(_ => session.RequestAsync(new Divide(1, 2)))];
            bench.Stack.Sent!.Clear();
            bench.SendAll();
            Assert.That((session.Requests.Outstanding, asked[0].IsCompleted, asked[1].IsCompleted), Is.EqualTo((2, false, false)));
            Assert.That(CodeOf(asked[2]), Is.EqualTo(ErrorCode.Overloaded));
            foreach (object?[] request in Bodies(bench))
            {
                bench.Receive(session, Wire.Frame(Wire.Response, (uint)(long)request[1]!, null, Wire.Array(0.5)));
            }

            bench.Run();
            Assert.That((asked[0].Result.Value, asked[1].Result.Value, session.Requests.Outstanding), Is.EqualTo((0.5, 0.5, 0)));
        }
    }

    [Test]
    public void RequestAsync_SessionEnds_EachEndsWithTheReasonOfItsPeer([Values] bool isStopping)
    {
        using var bench = new SessionBench();
        Session session = bench.Open();
        Task<Quotient> asked = session.RequestAsync(new Divide(1, 2));
        bench.SendAll();
        int reason = (int)(isStopping ? CloseReason.ServerStopping : CloseReason.Normal);
        bench.Receive(session, Wire.Frame(Wire.Message, Wire.Goodbye, Wire.Array(reason, "bye")));
        bench.Run();
        bench.Run();
        Assert.That(CodeOf(asked), Is.EqualTo(isStopping ? ErrorCode.ServerStopping : ErrorCode.Cancelled));
        Assert.That(bench.Ended.Single().Info, Is.EqualTo(new CloseInfo((CloseReason)reason, "bye", ByPeer: true)));
        asked = session.RequestAsync(new Divide(1, 2));
        bench.Run();
        Assert.That(CodeOf(asked), Is.EqualTo(ErrorCode.Cancelled));
    }

    [Test]
    public void Respond_SessionWasClosedHere_IsCountedAsLost()
    {
        using var bench = new SessionBench();
        var answers = new Queue<TaskCompletionSource<Quotient>>();
        bench.Handlers.OnRequest<Divide, Quotient>((_, _) =>
        {
            answers.Enqueue(new TaskCompletionSource<Quotient>());
            return new ValueTask<Quotient>(answers.Last().Task);
        });
        Session[] sessions = [bench.Open(), bench.Open()];
        foreach (Session session in sessions)
        {
            bench.Receive(session, Wire.Frame(Wire.Request, 1, 71, Wire.Array(1.0, 2.0)));
        }

        bench.Run();
        sessions[0].Close();
        bench.Receive(sessions[1], Wire.Frame(Wire.Message, Wire.Goodbye, Wire.Array(0, null)));
        bench.ConnectionOf(sessions[1]).Abort(CloseReason.TransportError);
        Assert.That(sessions.Select(session => session.Status), Is.All.EqualTo(SessionStatus.Closed));
        Assert.That(answers, Has.Count.EqualTo(2));
        foreach (TaskCompletionSource<Quotient> answer in answers)
        {
            answer.SetResult(new Quotient(0.5));
        }

        bench.Run();
        Assert.That(bench.Counters.ResponsesLost, Is.EqualTo(1), "the peer that left did not want it");
    }

    [Test]
    public void Receive_UnknownMessages_AreCountedAndSaidOncePerSession()
    {
        using var bench = new SessionBench();
        Session session = bench.Open();
        byte[] unknown = Wire.Frame(Wire.Message, 999, Wire.Array("x"));
        bench.Receive(session, unknown, unknown);
        bench.Receive(session, unknown);
        Assert.That(bench.Counters.UnknownMessages, Is.EqualTo(3));
        Assert.That(bench.Lines.Lines.Count(line => line.Text.Contains("999", StringComparison.Ordinal)), Is.EqualTo(1));
        bench.Advance(6_000_000_000);
        bench.Receive(session, unknown);
        Assert.That(bench.Lines.Lines.Count(line => line.Text.Contains("999", StringComparison.Ordinal)), Is.EqualTo(1), "once a session");
        Assert.That(session.Status, Is.EqualTo(SessionStatus.Open));
    }

    [Test]
    public void Groups_RandomJoinsAndLeaves_AgreeWithSets()
    {
        const int Sessions = 7;
        using var bench = new SessionBench(listen => listen.MaxSendQueueMessages = 100_000);
        var random = new Random(20_261_130);
        for (int round = 0; round < 20; round++)
        {
            Session[] sessions = [.. Enumerable.Range(0, Sessions).Select(_ => bench.Open())];
            SessionGroup[] groups = [.. Enumerable.Range(0, 4).Select(_ => new SessionGroup([bench.Core.Services], 1_000))];
            HashSet<Session>[] expected = [.. groups.Select(_ => new HashSet<Session>())];
            for (int step = 0; step < 60; step++)
            {
                int group = random.Next(groups.Length);
                Session session = sessions[random.Next(Sessions)];
                switch (random.Next(20))
                {
                    case 0 when step > 20:
                        session.Close();
                        Array.ForEach(expected, members => members.Remove(session));
                        break;
                    case < 12:
                        groups[group].Add(session);
                        _ = session.Status == SessionStatus.Open && expected[group].Add(session);
                        break;
                    default:
                        groups[group].Remove(session);
                        expected[group].Remove(session);
                        break;
                }

                for (int i = 0; i < groups.Length; i++)
                {
                    Assert.That(groups[i], Is.EquivalentTo(expected[i]));
                    Assert.That(groups[i].Count, Is.EqualTo(expected[i].Count));
                }

                Dictionary<Session, int> queued = sessions.Where(one => one.Status == SessionStatus.Open).ToDictionary(
                    one => one, one => bench.ConnectionOf(one).QueuedBodies);
                groups[group].Broadcast(new Say("x"));
                foreach ((Session one, int before) in queued)
                {
                    Assert.That(bench.ConnectionOf(one).QueuedBodies - before, Is.EqualTo(expected[group].Contains(one) ? 1 : 0));
                }
            }

            Array.ForEach(sessions, session => session.Close());
            Assert.That(groups.Sum(group => group.Count), Is.Zero);
            bench.SendAll();
            Array.ForEach(bench.Core.Transport.Connections.ToArray(), connection => connection.Abort(CloseReason.Normal));
            bench.Run();
        }
    }

    private static int CodeOf(Task task) => ((RequestException)task.Exception!.InnerException!).Code;

    /// <summary>The bodies that were sent since the test last cleared the list.</summary>
    private static List<object?[]> Bodies(SessionBench bench)
    {
        List<object?[]> bodies = [];
        byte[] sent = [.. bench.Stack.Sent!];
        for (int at = 0; at < sent.Length;)
        {
            int length = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(sent.AsSpan(at));
            bodies.Add(Wire.Read(sent[(at + 4)..(at + 4 + length)]));
            at += 4 + length;
        }

        return bodies;
    }
}
