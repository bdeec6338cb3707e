using NetLoop.Buffers;
using NetLoop.Tests.Hosting;
using NUnit.Framework;

namespace NetLoop.Tests.Sessions;

public sealed class SessionGroupTests : ServerFixture
{
    [Test]
    public void Broadcast_MembersComeAndGo_ReachesThoseWhoAreThere()
    {
        Start();
        SessionGroup room = Server.CreateGroup();
        RawClient[] clients = [RawClient.Open(Server), RawClient.Open(Server), RawClient.Open(Server)];
        Session[] sessions = [NextOpened(), NextOpened(), NextOpened()];
        OnLoop(() =>
        {
            Array.ForEach(sessions, room.Add);
            room.Add(sessions[0]);
            Assert.That(room.Count, Is.EqualTo(3), "added twice");
            room.Remove(sessions[1]);
            room.Remove(sessions[1]);
            room.Broadcast(new Say("two"));
            room.Add(sessions[1]);
            return room.Broadcast(new Say("three"));
        });
        Assert.That(Texts(clients[0], 2), Is.EqualTo(new[] { "two", "three" }));
        Assert.That(Texts(clients[1], 1), Is.EqualTo(new[] { "three" }));
        Assert.That(Texts(clients[2], 2), Is.EqualTo(new[] { "two", "three" }));
        Array.ForEach(clients, client => client.Dispose());
    }

    [Test]
    public void Close_Member_LeavesAllItsGroups()
    {
        Start();
        SessionGroup[] rooms = [Server.CreateGroup(), Server.CreateGroup()];
        using RawClient client = RawClient.Open(Server);
        using RawClient other = RawClient.Open(Server);
        Session session = NextOpened();
        Session stays = NextOpened();
        Array.ForEach(rooms, room =>
        {
            room.Add(session);
            room.Add(stays);
        });
        Assert.That(OnLoop(() => rooms.Select(room => room.Count)), Is.EqualTo(new[] { 2, 2 }));
        client.Reset();
        NextClosed();
        Assert.That(OnLoop(() => rooms.Select(room => room.Count)), Is.EqualTo(new[] { 1, 1 }));
        rooms[0].Add(session);
        Assert.That(OnLoop(() => rooms[0].Count), Is.EqualTo(1), "a closed session joins nothing");
    }

    [Test]
    public void Broadcast_MembersAreEvictedForMemory_OthersGetItOnce()
    {
        // Only one member holds memory of the exhausted pool: sending to the others evicts that member in the middle of the broadcast.
        // The kernel's buffers are small, so it does not accept the 60,000 bytes and sending them frees no memory.
        Start(
            listen =>
            {
                listen.SendBufferBytes = 4_096;
                listen.MaxSendQueueBytes = 1024 * 1024;
            },
            o => o.MaxBufferBytes = 1024 * 1024);
        RawClient[] clients = [.. Enumerable.Range(0, 5).Select(_ => RawClient.Open(Server, 4_096))];
        Session[] sessions = [.. clients.Select(_ => NextOpened())];
        string text = new('x', 600);
        SendStatus sent = OnLoop(() =>
        {
            Session first = Server.Everyone.First();
            Assert.That(first.Send(new Blob(new byte[60_000])), Is.EqualTo(SendStatus.Sent));
            List<Lease> leases = [];
            foreach (int size in new[] { 256, 256, 1024 })
            {
                // Also of the small blocks, so that no slab is unused and could be used for another size.
                Assert.That(Server.Core.Pool.TryRent(size, nameof(SessionGroupTests), out Lease small), Is.True);
                leases.Add(small);
            }

            foreach (int size in new[] { 256 * 1024, 1024 })
            {
                while (Server.Core.Pool.TryRent(size, nameof(SessionGroupTests), out Lease lease))
                {
                    leases.Add(lease);
                }
            }

            // Room for the encoding and for two of the five.
            leases[0].Return();
            leases[^1].Return();
            leases[^2].Return();
            leases[^3].Return();
            leases.RemoveRange(leases.Count - 3, 3);
            leases.RemoveAt(0);
            SendStatus status = Server.Broadcast(new Say(text));
            leases.ForEach(rented => rented.Return());
            return status;
        });
        Assert.That(sent, Is.EqualTo(SendStatus.Sent));
        Assert.That(sessions.Count(session => session.Status == SessionStatus.Closed), Is.EqualTo(1));
        for (int i = 0; i < clients.Length; i++)
        {
            if (sessions[i].Status == SessionStatus.Open)
            {
                // The response to Ping comes next, not a second copy.
                Assert.That(Texts(clients[i], 1), Is.EqualTo(new[] { text }));
                clients[i].Send(Wire.Frame(Wire.Request, 1, Wire.Ping, Wire.Array(1)));
                Assert.That(clients[i].Read()[0], Is.EqualTo(Wire.Response));
            }

            clients[i].Dispose();
        }
    }

    [Test]
    public void Broadcast_TooLarge_ReachesNobody()
    {
        Start();
        using RawClient client = RawClient.Open(Server);
        Assert.That(Server.Broadcast(new Say(new string('x', 70_000))), Is.EqualTo(SendStatus.TooLarge));
        client.Sync();
    }

    [Test]
    public void Broadcast_FromAnotherThread_ReachesWhoWasAddedThere()
    {
        Start();
        SessionGroup room = Server.CreateGroup();
        using RawClient first = RawClient.Open(Server);
        Session one = NextOpened();
        using RawClient second = RawClient.Open(Server);
        Session two = NextOpened();

        // All of this crosses the command queue, in the order of the calls.
        for (int round = 1; round <= 2; round++)
        {
            room.Add(one);
            room.Add(two);
            Assert.That(room.Broadcast(new Say($"both {round}")), Is.EqualTo(SendStatus.Sent));
            room.Remove(two);
            Assert.That(room.Broadcast(new Say($"one {round}")), Is.EqualTo(SendStatus.Sent));
            room.Remove(one);
            room.Broadcast(new Say("nobody"));
        }

        Assert.That(Texts(first, 4), Is.EqualTo(new[] { "both 1", "one 1", "both 2", "one 2" }));
        Assert.That(Texts(second, 2), Is.EqualTo(new[] { "both 1", "both 2" }));
        Assert.That(OnLoop(() => room.Count), Is.Zero);
        first.Sync();
        second.Sync();
    }

    [Test]
    public void Remove_MembersInAnyOrder_OthersStay()
    {
        Start();
        SessionGroup room = Server.CreateGroup();
        RawClient[] clients = [.. Enumerable.Range(0, 5).Select(_ => RawClient.Open(Server))];
        Session[] sessions = [.. clients.Select(_ => NextOpened())];
        int[] leaving = [1, 4, 0, 2, 3];
        OnLoop(() =>
        {
            Array.ForEach(sessions, room.Add);
            foreach (int next in leaving)
            {
                room.Broadcast(new Say($"before {next} leaves"));
                room.Remove(sessions[next]);
                Assert.That(room, Has.No.Member(sessions[next]));
            }

            return room.Broadcast(new Say("nobody"));
        });
        for (int turn = 0; turn < leaving.Length; turn++)
        {
            RawClient client = clients[leaving[turn]];
            Assert.That(Texts(client, turn + 1), Is.EqualTo(leaving.Take(turn + 1).Select(next => $"before {next} leaves")));
            client.Sync();
        }

        Array.ForEach(clients, client => client.Dispose());
    }

    [Test]
    public void Add_SessionOfAnotherServer_IsRejected()
    {
        Start();
        using RawClient client = RawClient.Open(Server);
        Session session = NextOpened();
        NetServer other = TestHost.CreateServer(o => o.ListenTcp("127.0.0.1", 0));
        SessionGroup room = other.CreateGroup();
        Assert.That(Assert.Throws<ArgumentException>(() => room.Add(session))!.Message, Does.Contain("another server"));
        Assert.Throws<ArgumentNullException>(() => room.Add(null!));
        Assert.Throws<ArgumentNullException>(() => room.Remove(null!));
        Assert.DoesNotThrow(() => room.Remove(session));
        Assert.That(room.Count, Is.Zero);
        other.DisposeAsync().AsTask().Wait(TestHost.Patience);
    }

    private static string[] Texts(RawClient client, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => (string)((object?[])client.Read()[2]!)[0]!)];
}
