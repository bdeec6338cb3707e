using NetLoop.Transports.Datagrams.Reliability;
using NUnit.Framework;
using static NetLoop.Tests.Transports.Datagrams.Reliability.LossyWire;

namespace NetLoop.Tests.Transports.Datagrams.Reliability;

/// <summary>The search for longer packets, and the way back when they no longer arrive.</summary>
[Parallelizable]
public sealed class PathMtuTests
{
    private const int Base = 1_200 - LinkOptions.PacketOverhead;
    private const int Longest = 1_472 - LinkOptions.PacketOverhead;
    private static readonly LinkOptions Searching = new() { LongestPayloadBytes = Longest, MaxHeldBytes = 8 << 20 };

    [TestCase(0, 1_472)]
    [TestCase(1_472, 1_472)]
    [TestCase(1_471, 1_452)]
    [TestCase(1_400, 1_352)]
    [TestCase(1_280, 1_232)]
    [TestCase(1_231, 1_200)]
    public void Search_PathWithALimit_FindsTheLongestCommonSizeThatArrives(int limit, int found)
    {
        using var wire = new LossyWire(options: Searching) { Latency = 10 * Millisecond, MaxPacketBytes = Math.Max(0, limit - LinkOptions.PacketOverhead) };
        Stream(wire, 20 * Second);
        Assert.That(wire.A.Link.PacketBytes, Is.EqualTo(found - LinkOptions.PacketOverhead));
        Assert.That(wire.Lengths.TakeLast(1_000).Max(), Is.InRange(found - LinkOptions.PacketOverhead - 8, found - LinkOptions.PacketOverhead));
        Assert.That(wire.A.Link.Statistics.PacketsLost, Is.Zero, "lost probes are no losses");
    }

    [TestCase(0.1)]
    [TestCase(0.05)]
    public void Search_OnABadWire_TakesNoLossForABlackHole(double loss)
    {
        using var wire = new LossyWire(seed: 5, options: Searching) { Latency = 10 * Millisecond, Jitter = 10 * Millisecond, Loss = loss };
        Stream(wire, 60 * Second);
        Assert.That(wire.A.Link.PacketBytes, Is.EqualTo(Longest));
    }

    [Test]
    public void Search_RaisedPath_FillsLongPackets()
    {
        using var wire = new LossyWire(options: Searching) { Latency = 10 * Millisecond };
        Stream(wire, 20 * Second);
        Assert.That(wire.Lengths.TakeLast(200).Count(static length => length > Longest * 0.96), Is.GreaterThan(150));
    }

    [Test]
    public void Search_LinkThatSendsLittle_ProbesNothing()
    {
        using var wire = new LossyWire(options: Searching) { Latency = 10 * Millisecond };
        for (int i = 0; i < 1_000; i++)
        {
            wire.A.Send(Delivery.ReliableOrdered, i, bytes: 100);
            wire.RunFor(20 * Millisecond);
        }

        Assert.That(wire.Lengths.Max(), Is.LessThan(200));
    }

    [Test]
    public void Search_NotWanted_ProbesNothing()
    {
        using var wire = new LossyWire(options: Searching with { LongestPayloadBytes = Base }) { Latency = 10 * Millisecond };
        Stream(wire, 10 * Second);
        Assert.That(wire.Lengths.Max(), Is.InRange(Base - 8, Base));
    }

    [TestCase(Delivery.ReliableOrdered)]
    [TestCase(Delivery.ReliableUnordered)]
    public void BlackHole_AfterTheSearch_IsNoticedAndEverythingArrives(Delivery delivery)
    {
        using var wire = new LossyWire(options: Searching) { Latency = 20 * Millisecond, BytesPerSecond = 2_000_000 };
        int sent = 0;
        wire.OnStep = () =>
        {
            while (sent < 20_000 && wire.A.Link.QueuedBytes < 1 << 20)
            {
                wire.A.Send(delivery, sent++, bytes: sent % 50 == 0 ? 20_000 : 500);
            }
        };
        wire.RunFor(Second / 2);
        Assert.That(wire.A.Link.PacketBytes, Is.EqualTo(Longest));
        wire.MaxPacketBytes = 1_300 - LinkOptions.PacketOverhead;
        wire.RunFor(4 * Second);
        Assert.That(wire.A.Link.PacketBytes, Is.EqualTo(Base));
        wire.Run(() => wire.B.Received.Count == 20_000, 60 * Second);
        Assert.That(wire.B.Numbers().Order(), Is.EqualTo(Enumerable.Range(0, 20_000)));
        wire.Run(() => wire.A.Link.IsIdle, 5 * Second);

        // Later it looks again.
        wire.MaxPacketBytes = 0;
        wire.RunFor(700 * Second);
        Assert.That(wire.A.Link.PacketBytes, Is.EqualTo(Longest));
    }

    private static void Stream(LossyWire wire, long time)
    {
        int sent = 0;
        long end = wire.Now + time;
        wire.OnStep = () =>
        {
            while (wire.Now < end - (time / 2) && wire.A.Link.QueuedBytes < 200_000)
            {
                wire.A.Send(Delivery.ReliableOrdered, sent++, bytes: 20_000);
            }
        };
        wire.Sides[1].OnReceived = static (_, _) => { };
        wire.RunFor(time);
        wire.Run(() => wire.A.Link.IsIdle, 600 * Second);
    }
}
