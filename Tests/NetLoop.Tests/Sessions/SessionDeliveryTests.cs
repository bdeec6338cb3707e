using NetLoop.Messaging;
using NetLoop.Tests.Generators;
using NetLoop.Tests.Hosting;
using NUnit.Framework;

namespace NetLoop.Tests.Sessions;

/// <summary>Deliveries on streams: what a peer that reads too slowly gets, and what it does not.</summary>
[Parallelizable]
public sealed class SessionDeliveryTests
{
    /// <summary>The beginning of a body with a <see cref="Position"/>: an array of three, the shape of a message, its type as u16.</summary>
    private static ReadOnlySpan<byte> Header => [0x93, 2, 0xCD, 61_003 >> 8, 61_003 & 0xFF];

    [Test]
    public void Send_SequencedToASlowReader_LeavesOnlyTheNewestStateOfEachKey()
    {
        using var bench = new SessionBench();
        Session session = OpenBlocked(bench);
        for (int tick = 1; tick <= 1_000; tick++)
        {
            for (int entity = 1; entity <= 3; entity++)
            {
                Assert.That(session.Send(new Position(entity, tick)), Is.EqualTo(SendStatus.Sent));
            }
        }

        Assert.That(session.Status, Is.EqualTo(SessionStatus.Open));
        Assert.That(Positions(bench), Is.EqualTo(new[] { (1, 1_000), (2, 1_000), (3, 1_000) }));
    }

    [Test]
    public void Send_MoreSequencedThanTheQueueHoldsBeforeAnySend_KeepsTheNewestAndTheSession()
    {
        using var bench = new SessionBench();
        Session session = bench.Open();
        const int Ticks = 100_000;
        for (int tick = 1; tick <= Ticks; tick++)
        {
            Assert.That(session.Send(new Position(1, tick)), Is.EqualTo(SendStatus.Sent));
        }

        Assert.That(session.Status, Is.EqualTo(SessionStatus.Open));
        List<(int Entity, int Tick)> positions = Positions(bench);
        Assert.That(positions[^1], Is.EqualTo((1, Ticks)));
        Assert.That(positions.Select(position => position.Tick), Is.Ordered);
    }

    [Test]
    public void Send_UnreliableBurstBeyondTheQueue_IsDroppedAndKeepsTheSession()
    {
        using var bench = new SessionBench();
        Session session = bench.Open();
        SendStatus last = SendStatus.Sent;
        for (int tick = 1; tick <= 100_000; tick++)
        {
            last = session.Send(new Position(1, tick), Delivery.Unreliable);
        }

        Assert.That(last, Is.EqualTo(SendStatus.Dropped));
        Assert.That(session.Status, Is.EqualTo(SessionStatus.Open));
    }

    [Test]
    public void Send_SequencedToAReaderThatKeepsUp_LeavesNothingOut()
    {
        using var bench = new SessionBench();
        Session session = bench.Open();
        bench.Stack.Sent!.Clear();
        for (int tick = 1; tick <= 3; tick++)
        {
            Assert.That(session.Send(new Position(1, tick)), Is.EqualTo(SendStatus.Sent));
        }

        Assert.That(Positions(bench), Is.EqualTo(new[] { (1, 1), (1, 2), (1, 3) }));
    }

    [Test]
    public void Send_UnreliableToASlowReader_IsDroppedAndCounted()
    {
        using var bench = new SessionBench();
        Session session = OpenBlocked(bench);
        Assert.That(session.Send(new Position(1, 1), Delivery.Unreliable), Is.EqualTo(SendStatus.Dropped));
        Assert.That(bench.Counters.SendsDropped, Is.EqualTo(1));
        Assert.That(Positions(bench), Is.Empty);
        Assert.That(session.Send(new Position(1, 2), Delivery.Unreliable), Is.EqualTo(SendStatus.Sent));
        Assert.That(Positions(bench), Is.EqualTo(new[] { (1, 2) }));
    }

    [Test]
    public void Send_ReliableAfterSequenced_GoesAheadOfTheHeldState()
    {
        using var bench = new SessionBench();
        Session session = OpenBlocked(bench);
        session.Send(new Position(1, 1));
        session.Send(new Position(9, 9), Delivery.ReliableOrdered);
        Assert.That(Positions(bench), Is.EqualTo(new[] { (9, 9), (1, 1) }));
    }

    [Test]
    public void Broadcast_SequencedToASlowMember_KeepsTheNewest()
    {
        using var bench = new SessionBench();
        Session session = OpenBlocked(bench);
        for (int tick = 1; tick <= 5; tick++)
        {
            byte[] body = NetMessagePack.Serialize(new Position(1, tick));
            Assert.That(
                session.AppendEncoded([.. Header, .. body], SendModes.Of(new Position(1, tick))),
                Is.EqualTo(SendStatus.Sent));
        }

        Assert.That(Positions(bench), Is.EqualTo(new[] { (1, 5) }));
    }

    [Test]
    public void Close_WhileStateIsHeld_FreesItsMemory()
    {
        using var bench = new SessionBench();
        Session session = OpenBlocked(bench);
        session.Send(new Position(1, 1));
        Assert.That(bench.ConnectionOf(session).LatestBytes, Is.Positive);
        session.Abort(CloseReason.Normal);
        bench.Run();
        Assert.That(bench.Core.Pool.Statistics.RentedLeases, Is.Zero);
    }

    /// <summary>Opens a session whose peer has stopped reading while a message waits for it.</summary>
    private static Session OpenBlocked(SessionBench bench)
    {
        Session session = bench.Open();
        Assert.That(session.Send(new Say("first")), Is.EqualTo(SendStatus.Sent));
        bench.Run();
        Assert.That(bench.ConnectionOf(session).IsSendBlocked, Is.True);
        return session;
    }

    /// <summary>Lets the peer read everything, and returns the positions that it got.</summary>
    private static List<(int Entity, int Tick)> Positions(SessionBench bench)
    {
        bench.Stack.Sent!.Clear();
        bench.SendAll();
        bench.SendAll();
        var positions = new List<(int, int)>();
        for (ReadOnlySpan<byte> rest = bench.Stack.Sent.ToArray(); rest.Length >= 4;)
        {
            int length = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(rest);
            ReadOnlySpan<byte> body = rest.Slice(4, length);
            if (body.StartsWith(Header))
            {
                Assert.That(NetMessagePack.TryDeserialize(body[Header.Length..], out Position position, out _), Is.True);
                positions.Add((position.Entity, position.Tick));
            }

            rest = rest[(4 + length)..];
        }

        return positions;
    }
}
