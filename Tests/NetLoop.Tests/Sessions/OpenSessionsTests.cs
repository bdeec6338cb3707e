using NetLoop.Transports;
using NUnit.Framework;

namespace NetLoop.Tests.Sessions;

public sealed class OpenSessionsTests : ServerFixture
{
    [Test]
    public void Find_AnyHistory_AgreesWithADictionary()
    {
        using var bench = new SessionBench();
        var random = new Random(42);
        var sessions = new OpenSessions();
        var expected = new Dictionary<ulong, Session>();
        ulong lastId = 0;
        for (int step = 0; step < 20_000; step++)
        {
            // Numbers follow each other, with gaps; old sessions stay among new ones, so places are taken and probes wrap around.
            bool grows = random.Next(100) < (step / 2_000 % 2 == 0 ? 70 : 30);
            if (grows || expected.Count == 0)
            {
                lastId += (ulong)random.Next(1, step % 7 == 0 ? 200 : 3);
                Session session = bench.NewSession();
                session.BecomeOpen(lastId, identity: null);
                sessions.Add(session);
                expected.Add(lastId, session);
            }
            else
            {
                Session gone = expected.Values.ElementAt(random.Next(expected.Count));
                sessions.Remove(gone);
                sessions.Remove(gone);
                gone.FailToConnect(new ConnectionEnd(CloseReason.Normal));
                expected.Remove(gone.Id);
                Assert.That(sessions.Find(gone.Id), Is.Null);
            }

            ulong sought = (ulong)random.NextInt64((long)lastId + 10);
            Assert.That(sessions.Find(sought), Is.SameAs(expected.GetValueOrDefault(sought)));
        }

        Assert.That(sessions, Is.EquivalentTo(expected.Values));
        Assert.That(expected.Keys.All(id => sessions.TryFind(id, out Session? found) && found == expected[id]), Is.True);
        foreach (Session session in sessions)
        {
            session.FailToConnect(new ConnectionEnd(CloseReason.Normal));
        }

        bench.Run();
    }

    [Test]
    public void Sessions_OpenAndClose_AreThoseThatAreOpen()
    {
        Start();
        using RawClient client = RawClient.Open(Server);
        using RawClient other = RawClient.Open(Server);
        Session session = NextOpened();
        Session stays = NextOpened();
        Assert.That(Server.Sessions, Is.EquivalentTo(new[] { session, stays }));
        Assert.That(Server.Sessions.Find(session.Id), Is.SameAs(session));
        client.Reset();
        NextClosed();
        Assert.That(Server.Sessions, Is.EqualTo(new[] { stays }));
        Assert.That(Server.Sessions.Find(session.Id), Is.Null);
    }
}
