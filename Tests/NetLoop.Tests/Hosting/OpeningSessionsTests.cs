using NUnit.Framework;
using NetLoop.Hosting.Server;
using NetLoop.Tests.Sessions;

namespace NetLoop.Tests.Hosting;

/// <summary>Connections that are still opening: limits for their number and their memory.</summary>
public sealed class OpeningSessionsTests
{
    /// <summary>A Hello of 1 KiB without its end: its connection holds a block of this size.</summary>
    private const int Block = 1024;

    private static readonly byte[] Unfinished = [0, 0, 4, 0, .. new byte[1020]];

    [Test]
    public void Add_MoreThanAllowed_EndsTheOldestOfThem()
    {
        using var bench = new SessionBench();
        var opening = new OpeningSessions(max: 3, maxBytes: int.MaxValue);
        Session[] sessions = [.. Enumerable.Range(0, 6).Select(_ => bench.Accept())];
        for (int i = 0; i < sessions.Length; i++)
        {
            opening.Add(sessions[i]);
            RemoveEnded(opening, sessions);
            Assert.That(opening.Count, Is.EqualTo(Math.Min(i + 1, 3)));
            Assert.That(sessions.Count(session => session.Status == SessionStatus.Closed), Is.EqualTo(Math.Max(0, i - 2)), "the oldest");
        }

        Assert.That(sessions[..3].Select(session => session.Status), Is.All.EqualTo(SessionStatus.Closed));
        Assert.That(bench.Ended.Select(end => (end.Session, end.Info.Reason)), Is.EqualTo(sessions[..3].Select(session => (session, CloseReason.ServerFull))));
    }

    [Test]
    public void Remove_InAnyOrderAndTwice_LeavesTheOthers()
    {
        using var bench = new SessionBench();
        var opening = new OpeningSessions(max: 10, maxBytes: int.MaxValue);
        Session[] sessions = [.. Enumerable.Range(0, 4).Select(_ => bench.Accept())];
        Array.ForEach(sessions, opening.Add);
        foreach (int i in new[] { 2, 0, 3, 1 })
        {
            int before = opening.Count;
            opening.Remove(sessions[i]);
            opening.Remove(sessions[i]);
            Assert.That((opening.Count, sessions[i].OpeningPlace), Is.EqualTo((before - 1, (LinkedListNode<Session>?)null)));
        }

        opening.Add(sessions[0]);
        Assert.That(opening.Count, Is.EqualTo(1));
    }

    [Test]
    public void EndThoseBeyondMemory_SomeHoldIt_EndsTheOldestOfThoseUntilItFits()
    {
        using var bench = new SessionBench();
        var opening = new OpeningSessions(max: 100, maxBytes: 2 * Block);
        Session[] sessions = [.. Enumerable.Range(0, 6).Select(_ => bench.Accept())];
        Array.ForEach(sessions, opening.Add);
        int[] holders = [1, 3, 4];
        for (int i = 0; i < holders.Length; i++)
        {
            bench.Receive(sessions[holders[i]], Unfinished);
            Assert.That(opening.HeldBytes, Is.EqualTo((i + 1) * Block));
            opening.EndThoseBeyondMemory();
            Assert.That(bench.Ended, Has.Count.EqualTo(i == 2 ? 1 : 0), "as much as is allowed is not too much");
        }

        Assert.That(bench.Ended.Single(), Is.EqualTo((sessions[1], bench.Ended.Single().Info)), "the oldest that holds something");
        Assert.That(bench.Ended.Single().Info.Reason, Is.EqualTo(CloseReason.ServerFull));
        RemoveEnded(opening, sessions);
        Assert.That(opening.HeldBytes, Is.EqualTo(2 * Block));
        bench.Receive(sessions[5], Unfinished);
        opening.EndThoseBeyondMemory();
        Assert.That(bench.Ended.Select(end => end.Session), Is.EqualTo(new[] { sessions[1], sessions[3] }));
    }

    [Test]
    public void EndAll_Several_EndsEachForTheReason()
    {
        using var bench = new SessionBench();
        var opening = new OpeningSessions(max: 10, maxBytes: int.MaxValue);
        Session[] sessions = [.. Enumerable.Range(0, 4).Select(_ => bench.Accept())];
        Array.ForEach(sessions, opening.Add);
        bench.OnEnded = opening.Remove;
        opening.EndAll(CloseReason.ServerStopping, "bye");
        Assert.That(opening.Count, Is.Zero);
        Assert.That(bench.Ended, Is.EqualTo(sessions.Select(session => (session, new CloseInfo(CloseReason.ServerStopping, "bye", ByPeer: false)))));
    }

    // Does what the server's acceptor does when connections end.
    private static void RemoveEnded(OpeningSessions opening, Session[] sessions)
    {
        foreach (Session session in sessions.Where(session => session.Status == SessionStatus.Closed))
        {
            opening.Remove(session);
        }
    }
}
