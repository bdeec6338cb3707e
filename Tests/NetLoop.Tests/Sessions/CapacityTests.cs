using NetLoop.Tests.Hosting;
using NUnit.Framework;

namespace NetLoop.Tests.Sessions;

/// <summary>More connections than the limits allow.</summary>
public sealed class CapacityTests : ServerFixture
{
    [Test]
    public void Accept_ServerIsFull_SaysSoAndHasRoomAgainLater()
    {
        Start(configure: o => o.MaxConnections = 3);
        RawClient[] inside = [RawClient.Open(Server), RawClient.Open(Server), RawClient.Open(Server)];
        for (int i = 0; i < 5; i++)
        {
            using var outside = new RawClient(Server);
            outside.ExpectGoodbye(CloseReason.ServerFull);
        }

        foreach (RawClient client in inside)
        {
            client.Sync();
        }

        Assert.That(Server.GetStatistics().Rejected, Is.EqualTo(5));
        inside[0].Dispose();
        WaitUntil(() => Server.GetStatistics().Connections < 3, "the place is not free");
        using RawClient next = RawClient.Open(Server);
        inside[1].Dispose();
        inside[2].Dispose();
    }

    [Test]
    public void Accept_MoreRefusedThanTheReserve_EndsEachAndKeepsTheOpen()
    {
        Start(configure: o => o.MaxConnections = 1);
        using RawClient inside = RawClient.Open(Server);
        RawClient[] outside = [.. Enumerable.Range(0, 100).Select(_ => new RawClient(Server))];
        int told = 0;
        foreach (RawClient client in outside)
        {
            told += client.ReadUntilCut().Count;
            client.Dispose();
        }

        Assert.That(told, Is.InRange(1, 100), "some are told, the others are cut off");
        Assert.That(Server.GetStatistics().Rejected, Is.EqualTo(100));
        inside.Sync();
    }

    [Test]
    public void Accept_TooManyOpening_EndsTheOldestAndKeepsTheOpen()
    {
        Start(configure: o => o.MaxOpeningConnections = 2);
        using RawClient open = RawClient.Open(Server);
        using var first = new RawClient(Server);
        WaitUntil(() => Server.Opening.Count == 1, "not accepted");
        using var second = new RawClient(Server);
        WaitUntil(() => Server.Opening.Count == 2, "not accepted");
        using var third = new RawClient(Server);
        first.ExpectGoodbye(CloseReason.ServerFull);
        second.Send(Wire.HelloFrame());
        Assert.That(second.Read()[2], Is.Null);
        third.Send(Wire.HelloFrame());
        Assert.That(third.Read()[2], Is.Null);
        open.Sync();
    }

    [Test]
    public void Receive_OpeningsHoldTooMuchMemory_EndsTheOldestOfThem()
    {
        const int Most = 64 * 1024;
        const int Block = 4096;
        Start(configure: o => o.MaxOpeningBytes = Most);
        using RawClient open = RawClient.Open(Server);
        using var silent = new RawClient(Server);

        // The longest possible Hello, without its end.
        byte[] unfinished = new byte[4 + 1023];
        unfinished[2] = 4;
        var holders = new RawClient[(Most / Block) + 1];
        for (int i = 0; i < holders.Length; i++)
        {
            holders[i] = new RawClient(Server);
            holders[i].Send(unfinished);
            long expected = Math.Min((i + 1) * Block, Most);
            WaitUntil(() => Server.Opening.HeldBytes == expected, "not held");
        }

        holders[0].ExpectGoodbye(CloseReason.ServerFull);
        Assert.That(OnLoop(() => Server.Opening.Count), Is.EqualTo(holders.Length), "all but one of them, and the silent one");
        open.Sync();
        foreach (RawClient holder in holders)
        {
            holder.Dispose();
        }
    }

    [Test]
    public void Stop_PeersOfEveryKind_AreTold()
    {
        Start();
        using RawClient open = RawClient.Open(Server);
        using var opening = new RawClient(Server);
        WaitUntil(() => Server.Opening.Count == 1, "not accepted");
        Task stopped = Server.StopAsync();
        open.ExpectGoodbye(CloseReason.ServerStopping);
        opening.ExpectGoodbye(CloseReason.ServerStopping);
        open.Dispose();
        opening.Dispose();
        Assert.That(stopped.Wait(TestHost.Patience), Is.True);
    }
}
