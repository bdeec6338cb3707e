using NetLoop.Buffers;
using NetLoop.Messaging;
using NetLoop.Sessions;
using NUnit.Framework;

namespace NetLoop.Tests.Sessions;

/// <summary>The services that all sessions of a loop share.</summary>
public sealed class LoopServicesTests
{
    [Test]
    public void HandlerEnded_OnAnotherThread_WakesTheLoop()
    {
        using var bench = new SessionBench();
        LoopServices services = bench.Core.Services;
        for (int round = 0; round < 2; round++)
        {
            services.HandlerStarted();
            services.HandlerStarted();
            Assert.That(services.PendingHandlers, Is.EqualTo(2));
            bench.Core.Transport.TakeWake();
            services.HandlerEnded();
            Assert.That((services.PendingHandlers, bench.Core.Transport.TakeWake()), Is.EqualTo((1, false)), "the loop is awake");
            OnAnotherThread(services.HandlerEnded);
            Assert.That((services.PendingHandlers, bench.Core.Transport.TakeWake()), Is.EqualTo((0, true)));
        }
    }

    [Test]
    public void IsLoopThread_BoundAndNot_IsThatThreadAlone()
    {
        using var bench = new SessionBench();
        LoopServices services = bench.Core.Services;
        Assert.That(services.IsLoopThread, Is.True);
        bool isOther = true;
        OnAnotherThread(() => isOther = services.IsLoopThread);
        Assert.That(isOther, Is.False);
        services.UnbindFromThread();
        Assert.That(services.IsLoopThread, Is.False);
        services.BindToThread();
    }

    [Test]
    public void End_HandlersStillRun_TheirResponsesAreLost()
    {
        using var bench = new SessionBench();
        LoopServices services = bench.Core.Services;
        services.HandlerStarted();
        services.HandlerStarted();
        services.HandlerStarted();
        Assert.That(services.IsOver, Is.False);
        services.End();
        Assert.That((services.IsOver, bench.Counters.ResponsesLost), Is.EqualTo((true, 3L)));
        for (int i = 0; i < 3; i++)
        {
            services.HandlerEnded();
        }
    }

    [Test]
    public void Encode_PoolIsExhausted_EvictsThatWhichHoldsMostOnTheLoopAlone()
    {
        using var bench = new SessionBench(listen => listen.MaxSendQueueBytes = 10 << 20, loop: o => o.MaxBufferBytes = 1 << 20);
        Session small = bench.Open();
        Session large = bench.Open();
        small.SendRaw(new byte[500]);
        large.SendRaw(new byte[10_000]);
        List<Lease> leases = [];
        Assert.That(bench.Core.Pool.TryRent(256, "test", out Lease first), Is.True, "small blocks remain");
        leases.Add(first);
        foreach (int bytes in new[] { 256 * 1024, 64 * 1024, 16 * 1024 })
        {
            while (bench.Core.Pool.TryRent(bytes, "test", out Lease taken))
            {
                leases.Add(taken);
            }
        }

        SendStatus elsewhere = SendStatus.Sent;
        OnAnotherThread(() => elsewhere = bench.Core.Services.Encode(new EncodedBody(new byte[10_000]), 64 * 1024, out _, out _));
        Assert.That((elsewhere, bench.Ended.Count), Is.EqualTo((SendStatus.Overflow, 0)));
        Assert.That(bench.Core.Services.Encode(new EncodedBody(new byte[10_000]), 64 * 1024, out Lease lease, out int length), Is.EqualTo(SendStatus.Sent));
        Assert.That(length, Is.EqualTo(10_000));
        Assert.That(bench.Ended.Select(end => (end.Session, end.Info.Reason)), Is.EqualTo(new[] { (large, CloseReason.SlowConsumer) }));
        lease.Return();
        leases.ForEach(one => one.Return());
    }

    [Test]
    public void LogUnknownMessage_OfManySessions_IsOneLineIn5Seconds()
    {
        using var bench = new SessionBench();
        Session[] sessions = [bench.Open(), bench.Open(), bench.Open()];
        foreach (Session session in sessions)
        {
            bench.Receive(session, Wire.Frame(Wire.Message, 999, Wire.Array("x")));
        }

        Assert.That(Lines(bench), Has.Count.EqualTo(1));
        bench.Advance(5_000_000_000);
        bench.Receive(bench.Open(), Wire.Frame(Wire.Message, 999, Wire.Array("x")));
        Assert.That(Lines(bench), Has.Count.EqualTo(2));
        Assert.That(Lines(bench)[1], Does.Contain("(2 similar messages suppressed)"));
    }

    [Test]
    public void Sessions_EndInAnyOrder_OthersKeepTheirPlaces()
    {
        using var bench = new SessionBench();
        SessionList list = bench.Core.Services.Sessions;
        List<Session> sessions = [.. Enumerable.Range(0, 8).Select(_ => bench.Open())];
        var random = new Random(5);
        while (sessions.Count > 0)
        {
            Assert.That(list.All, Is.EquivalentTo(sessions));
            Assert.That(list.All.Select(session => session.Place), Is.EqualTo(Enumerable.Range(0, list.Count)));
            Session next = sessions[random.Next(sessions.Count)];
            list.Add(next);
            next.Close();
            list.Remove(next);
            Assert.That(next.Place, Is.Negative);
            sessions.Remove(next);
        }

        Assert.That(list.Count, Is.Zero);
    }

    private static List<string> Lines(SessionBench bench) =>
        [.. bench.Lines.Lines.Select(line => line.Text).Where(text => text.Contains("999", StringComparison.Ordinal))];

    private static void OnAnotherThread(Action action)
    {
        var thread = new Thread(() => action());
        thread.Start();
        thread.Join();
    }
}
