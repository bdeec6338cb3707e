using NetLoop.Tests.Hosting;
using NUnit.Framework;

namespace NetLoop.Tests.Sessions;

/// <summary>Named groups exist while they have members; groups can be enumerated, and broadcasts can exclude members.</summary>
public sealed class NamedGroupsTests : ServerFixture
{
    [Test]
    public void Add_FirstMember_MakesTheGroup_LastOneEndsIt()
    {
        Start();
        using RawClient first = RawClient.Open(Server);
        using RawClient second = RawClient.Open(Server);
        Session[] sessions = [NextOpened(), NextOpened()];
        NamedGroups groups = Server.Groups;
        SessionGroup red = OnLoop(() => groups.Add("red", sessions[0]));
        Assert.Multiple(() =>
        {
            Assert.That(red.Name, Is.EqualTo("red"));
            Assert.That(groups.Find("red"), Is.SameAs(red));
            Assert.That(groups.Find("blue"), Is.Null);
            Assert.That(groups.Select(group => group.Name), Is.EqualTo(new[] { "red" }));
            Assert.That(red.Contains(sessions[0]), Is.True);
            Assert.That(red.Contains(sessions[1]), Is.False);
            Assert.That(OnLoop(() => red.Contains(sessions[0])), Is.True);
            Assert.That(red.ToString(), Is.EqualTo("group red of 1"));
        });
        OnLoop(() => groups.Add("red", sessions[1]));
        first.Reset();
        NextClosed();
        Assert.That(groups.TryFind("red", out _), Is.True, "it has a member still");
        OnLoop(() =>
        {
            groups.Remove("red", sessions[1]);
            return groups.Count;
        });
        Assert.That((groups.Count, groups.Find("red")), Is.EqualTo((0, (SessionGroup?)null)));
        second.Sync();
    }

    [Test]
    public void Add_ToAGroupThatHasEnded_MakesItAgain()
    {
        Start();
        using RawClient client = RawClient.Open(Server);
        using RawClient other = RawClient.Open(Server);
        Session session = NextOpened();
        Session late = NextOpened();
        OnLoop(() =>
        {
            SessionGroup old = Server.Groups.Add("red", session);
            old.Remove(session);
            Assert.That(Server.Groups.Count, Is.Zero);
            SessionGroup now = Server.Groups.Add("red", late);
            Assert.That(old, Has.Count.EqualTo(1), "who kept the object sees the group of that name");
            old.Add(session);
            Assert.That(now, Is.EquivalentTo(new[] { late, session }));
            Assert.That(old.Broadcast(new Say("hello")), Is.EqualTo(SendStatus.Sent));
            return now;
        });
        Assert.That(client.ReadSay(), Is.EqualTo("hello"));
        Assert.That(other.ReadSay(), Is.EqualTo("hello"));
    }

    [Test]
    public void Add_ClosedSession_LeavesNoGroupBehind()
    {
        Start();
        using RawClient client = RawClient.Open(Server);
        Session session = NextOpened();
        client.Reset();
        NextClosed();
        OnLoop(() => Server.Groups.Add("red", session));
        Assert.That(Server.Groups.Count, Is.Zero);
        Server.Groups.Add("red", session); // From another thread.
        WaitUntil(() => Server.Groups.Count == 0, "an empty group stays");
    }

    [Test]
    public void Add_SessionOfAnotherServer_IsRejectedAndLeavesNothing()
    {
        Start();
        using RawClient client = RawClient.Open(Server);
        Session session = NextOpened();
        NetServer other = TestHost.CreateServer(o => o.ListenTcp("127.0.0.1", 0));
        Assert.Throws<ArgumentException>(() => other.Groups.Add("red", session));
        Assert.That(other.Groups.Count, Is.Zero);
        Assert.Throws<ArgumentException>(() => Server.Groups.Add("", session));
        other.Abort();
    }

    [Test]
    public void Broadcast_ExceptSome_ReachesTheOthers([Values(0, 1, 2, 3)] int left)
    {
        Start();
        RawClient[] clients = [RawClient.Open(Server), RawClient.Open(Server), RawClient.Open(Server)];
        Session[] sessions = [NextOpened(), NextOpened(), NextOpened()];
        OnLoop(() =>
        {
            foreach (Session session in sessions)
            {
                Server.Groups.Add("red", session);
            }

            Server.Groups.Broadcast("nobody", new Say("lost"));
            Server.Groups.Broadcast("red", new Say("some"), sessions.AsSpan(0, left));
            Server.Groups.Find("red")!.Broadcast(new Say("not the first"), except: sessions[0]);
            return Server.Broadcast(new Say("all"));
        });
        for (int i = 0; i < clients.Length; i++)
        {
            string[] expected = [.. i < left ? Array.Empty<string>() : ["some"], .. i == 0 ? Array.Empty<string>() : ["not the first"], "all"];
            Assert.That(expected.Select(_ => clients[i].ReadSay()), Is.EqualTo(expected));
            clients[i].Dispose();
        }
    }

    [Test]
    public void CopyTo_ListInUse_IsReplacedWithoutAllocation()
    {
        Start();
        using RawClient client = RawClient.Open(Server);
        Session session = NextOpened();
        long allocated = OnLoop(() =>
        {
            var list = new List<Session> { session, session };
            Server.Everyone.CopyTo(list);
            Server.Sessions.CopyTo(list);
            long before = GC.GetAllocatedBytesForCurrentThread();
            Server.Everyone.CopyTo(list);
            Server.Sessions.CopyTo(list);
            long after = GC.GetAllocatedBytesForCurrentThread();
            Assert.That(list, Is.EqualTo(new[] { session }));
            return after - before;
        });
        Assert.That(allocated, Is.Zero);
    }

    [Test]
    public void Enumerate_MembersCloseMeanwhile_GoesOn()
    {
        Start();
        RawClient[] clients = [RawClient.Open(Server), RawClient.Open(Server), RawClient.Open(Server)];
        Array.ForEach(clients, _ => NextOpened());
        OnLoop(() =>
        {
            int seen = 0;
            foreach (Session session in Server.Everyone)
            {
                session.Close(CloseReason.Kicked);
                seen++;
            }

            Assert.That((seen, Server.Everyone.Count, Server.Sessions.Count), Is.EqualTo((3, 0, 0)));
            return seen;
        });
        Array.ForEach(clients, client => client.Dispose());
    }
}
