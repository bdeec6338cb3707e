using System.Diagnostics.Metrics;
using NUnit.Framework;
using NetLoop.Transports;

namespace NetLoop.Tests.Hosting;

/// <summary>Every instrument and every statistic has its own value.</summary>
public sealed class LoopMeterTests
{
    private const string Name = "loop of the meter's test";

    private readonly Dictionary<string, List<(double Value, string? Reason)>> _measured = [];
    private readonly Dictionary<string, string?> _units = [];
    private EventLoop _loop = null!;
    private MeterListener _listener = null!;

    [SetUp]
    public void Listen()
    {
        _measured.Clear();
        _units.Clear();
        _loop = new EventLoop(new EventLoopOptions { ThreadName = Name });
        _listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == "NetLoop" && instrument.Meter.Tags!.Any(tag => tag.Key == "netloop.loop" && (string?)tag.Value == Name))
                {
                    _units[instrument.Name] = instrument.Unit;
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.Start();
        NumberCounters(_loop.Core.Counters, 100);
    }

    [TearDown]
    public async Task End()
    {
        _listener.Dispose();
        _loop.Core.Counters.QueuedBytes = 0;
        await _loop.DisposeAsync();
    }

    [TestCase("netloop.connections", 0, "{connection}")]
    [TestCase("netloop.sessions", -1, "{session}")]
    [TestCase("netloop.accepts", 102, "{connection}")]
    [TestCase("netloop.bodies.received", 109, "{body}")]
    [TestCase("netloop.bodies.sent", 110, "{body}")]
    [TestCase("netloop.bytes.received", 111, "By")]
    [TestCase("netloop.bytes.sent", 112, "By")]
    [TestCase("netloop.inbox.depth", 0, "{message}")]
    [TestCase("netloop.send_queue.bytes", 113, "By")]
    [TestCase("netloop.read_pauses", 114, "{pause}")]
    [TestCase("netloop.handler.faults", 119, "{fault}")]
    [TestCase("netloop.ticks", 120, "{tick}")]
    [TestCase("netloop.ticks.skipped", 121, "{tick}")]
    [TestCase("netloop.udp.packets.received", 131, "{packet}")]
    [TestCase("netloop.udp.packets.sent", 132, "{packet}")]
    [TestCase("netloop.udp.bytes.received", 133, "By")]
    [TestCase("netloop.udp.bytes.sent", 134, "By")]
    [TestCase("netloop.udp.packets.lost", 135, "{packet}")]
    [TestCase("netloop.udp.retransmissions", 136, "{segment}")]
    [TestCase("netloop.udp.packets.dropped", 137, "{packet}")]
    [TestCase("netloop.buffers.rents", 2, "{lease}")]
    [TestCase("netloop.buffers.misses", 1, "{lease}")]
    [TestCase("netloop.buffers.rented", 1_024, "By")]
    public void Observe_Instrument_ShowsItsCount(string name, long expected, string unit)
    {
        Assert.That(_loop.Core.Pool.TryRent(1_000, nameof(LoopMeterTests), out var first), Is.True);
        Assert.That(_loop.Core.Pool.TryRent(1_000, nameof(LoopMeterTests), out var second), Is.True);
        first.Return();
        _listener.RecordObservableInstruments();
        second.Return();
        Assert.That(_measured[name].Select(measured => measured.Value), Is.EqualTo(new[] { (double)expected }));
        Assert.That(_units[name], Is.EqualTo(unit));
    }

    [Test]
    public void Observe_Drops_ShowsEachReason()
    {
        _listener.RecordObservableInstruments();
        Assert.That(_measured["netloop.drops"], Is.EquivalentTo(new (double, string?)[]
        {
            (115, "unknown_message"),
            (116, "late_response"),
            (123, "trace_context"),
            (117, "send_rejected"),
            (124, "send_dropped"),
            (118, "response_lost"),
            (106, "connection_rejected"),
            (103, "accept_starved"),
        }));
    }

    [Test]
    public void Observe_PacketsRejected_ShowsEachReason()
    {
        _listener.RecordObservableInstruments();
        Assert.That(_measured["netloop.udp.packets.rejected"], Is.EqualTo(new (double, string?)[]
        {
            (141, "malformed"),
            (142, "unknown_sender"),
            (143, "not_authentic"),
            (144, "replayed"),
            (145, "invalid_token"),
        }));
        Assert.That(_loop.Core.Counters.Datagrams.Rejected, Has.Length.EqualTo(Enum.GetValues<PacketRejection>().Length));
    }

    [Test]
    public void Observe_SessionsClosed_ShowsEachReason()
    {
        _listener.RecordObservableInstruments();
        CloseReason[] reasons = Enum.GetValues<CloseReason>();
        Assert.That(_loop.Core.Counters.ClosedByReason, Has.Length.EqualTo(reasons.Length));
        Assert.That(_measured["netloop.sessions.closed"], Is.EqualTo(reasons.Select(reason => (1_000.0 + (int)reason, (string?)reason.ToString()))));
    }

    [Test]
    public void Record_TickMeasured_ShowsSeconds()
    {
        _loop.Core.Ticks.OnMeasured!(0.25);
        _loop.Core.OnLatenessMeasured!(0.5);
        Assert.That(_measured["netloop.tick.duration"], Is.EqualTo(new (double, string?)[] { (0.25, null) }));
        Assert.That(_measured["netloop.tick.lateness"], Is.EqualTo(new (double, string?)[] { (0.5, null) }));
        Assert.That((_units["netloop.tick.duration"], _units["netloop.tick.lateness"]), Is.EqualTo(("s", "s")));
    }

    [Test]
    public void GetStatistics_EachCount_HasItsProperty()
    {
        LoopStatistics statistics = _loop.GetStatistics();
        Assert.Multiple(() =>
        {
            Assert.That(statistics.Connections, Is.Zero);
            Assert.That(statistics.Sessions, Is.EqualTo(-1));
            Assert.That(statistics.Accepts, Is.EqualTo(102));
            Assert.That(statistics.Rejected, Is.EqualTo(106));
            Assert.That(statistics.BodiesIn, Is.EqualTo(109));
            Assert.That(statistics.BodiesOut, Is.EqualTo(110));
            Assert.That(statistics.BytesIn, Is.EqualTo(111));
            Assert.That(statistics.BytesOut, Is.EqualTo(112));
            Assert.That(statistics.SendQueueBytes, Is.EqualTo(113));
            Assert.That(statistics.ReadPauses, Is.EqualTo(114));
            Assert.That(statistics.UnknownMessages, Is.EqualTo(115));
            Assert.That(statistics.LateResponses, Is.EqualTo(116));
            Assert.That(statistics.TraceContextsIgnored, Is.EqualTo(123));
            Assert.That(statistics.SendsRejected, Is.EqualTo(117));
            Assert.That(statistics.SendsDropped, Is.EqualTo(124));
            Assert.That(statistics.ResponsesLost, Is.EqualTo(118));
            Assert.That(statistics.HandlerFaults, Is.EqualTo(119));
            Assert.That(statistics.Ticks, Is.EqualTo(120));
            Assert.That(statistics.TicksSkipped, Is.EqualTo(121));
            Assert.That(statistics.AllocatedBytes, Is.EqualTo(122));
            Assert.That(statistics.Iterations, Is.EqualTo(101));
            Assert.That(statistics.Datagrams.PacketsIn, Is.EqualTo(131));
            Assert.That(statistics.Datagrams.PacketsOut, Is.EqualTo(132));
            Assert.That(statistics.Datagrams.BytesIn, Is.EqualTo(133));
            Assert.That(statistics.Datagrams.BytesOut, Is.EqualTo(134));
            Assert.That(statistics.Datagrams.PacketsLost, Is.EqualTo(135));
            Assert.That(statistics.Datagrams.Retransmissions, Is.EqualTo(136));
            Assert.That(statistics.Datagrams.PacketsDropped, Is.EqualTo(137));
            Assert.That(statistics.Datagrams.RejectedByReason[PacketRejection.Replayed], Is.EqualTo(144));
            Assert.That(statistics.ClosedByReason[CloseReason.Normal], Is.EqualTo(1_000));
            Assert.That(statistics.ClosedByReason, Has.Count.EqualTo(_loop.Core.Counters.ClosedByReason.Length));
        });
    }

    [Test]
    public void Sum_TwoLoops_AddsUpEachCount()
    {
        var other = new EventLoop(new EventLoopOptions());
        NumberCounters(other.Core.Counters, 10_000);
        other.Core.Counters.ClosedByReason[(int)CloseReason.Idle] = 0;
        LoopStatistics sum = LoopStatistics.Sum([_loop.GetStatistics(), other.GetStatistics()]);
        Assert.Multiple(() =>
        {
            Assert.That(sum.Sessions, Is.EqualTo(-2));
            Assert.That(sum.Accepts, Is.EqualTo(102 + 10_002));
            Assert.That(sum.Rejected, Is.EqualTo(106 + 10_006));
            Assert.That(sum.BodiesIn, Is.EqualTo(109 + 10_009));
            Assert.That(sum.BodiesOut, Is.EqualTo(110 + 10_010));
            Assert.That(sum.BytesIn, Is.EqualTo(111 + 10_011));
            Assert.That(sum.BytesOut, Is.EqualTo(112 + 10_012));
            Assert.That(sum.SendQueueBytes, Is.EqualTo(113 + 10_013));
            Assert.That(sum.ReadPauses, Is.EqualTo(114 + 10_014));
            Assert.That(sum.UnknownMessages, Is.EqualTo(115 + 10_015));
            Assert.That(sum.LateResponses, Is.EqualTo(116 + 10_016));
            Assert.That(sum.TraceContextsIgnored, Is.EqualTo(123 + 10_023));
            Assert.That(sum.SendsRejected, Is.EqualTo(117 + 10_017));
            Assert.That(sum.SendsDropped, Is.EqualTo(124 + 10_024));
            Assert.That(sum.ResponsesLost, Is.EqualTo(118 + 10_018));
            Assert.That(sum.HandlerFaults, Is.EqualTo(119 + 10_019));
            Assert.That(sum.Ticks, Is.EqualTo(120), "the first loop ticks");
            Assert.That(sum.TicksSkipped, Is.EqualTo(121), "the first loop ticks");
            Assert.That(sum.AllocatedBytes, Is.EqualTo(122 + 10_022));
            Assert.That(sum.Iterations, Is.EqualTo(101 + 10_001));
            Assert.That(sum.Datagrams.PacketsIn, Is.EqualTo(131 + 10_031));
            Assert.That(sum.Datagrams.PacketsOut, Is.EqualTo(132 + 10_032));
            Assert.That(sum.Datagrams.BytesIn, Is.EqualTo(133 + 10_033));
            Assert.That(sum.Datagrams.BytesOut, Is.EqualTo(134 + 10_034));
            Assert.That(sum.Datagrams.PacketsLost, Is.EqualTo(135 + 10_035));
            Assert.That(sum.Datagrams.Retransmissions, Is.EqualTo(136 + 10_036));
            Assert.That(sum.Datagrams.PacketsDropped, Is.EqualTo(137 + 10_037));
            Assert.That(sum.Datagrams.RejectedByReason[PacketRejection.Malformed], Is.EqualTo(141 + 10_041));
            Assert.That(sum.ClosedByReason[CloseReason.Normal], Is.EqualTo(2_000));
            Assert.That(sum.ClosedByReason[CloseReason.Idle], Is.EqualTo(1_000 + (int)CloseReason.Idle));
        });
        other.Core.Counters.QueuedBytes = 0;
        other.DisposeAsync().AsTask().Wait(TestHost.Patience);
    }

    [Test]
    public void Busy_PhasesOfALoop_IsTheShareWithoutWaiting()
    {
        LoopStatistics idle = _loop.GetStatistics();
        Assert.That(idle.Busy, Is.Zero, "a loop that never ran");
        Dictionary<LoopPhase, TimeSpan> times = Enum.GetValues<LoopPhase>().ToDictionary(phase => phase, _ => TimeSpan.Zero);
        times[LoopPhase.Wait] = TimeSpan.FromSeconds(6);
        times[LoopPhase.Receive] = TimeSpan.FromSeconds(1);
        times[LoopPhase.Handle] = TimeSpan.FromSeconds(1);
        Assert.That((idle with { PhaseTimes = times }).Busy, Is.EqualTo(0.25).Within(1e-9));
    }

    private static void NumberCounters(LoopCounters counters, long first)
    {
        counters.Iterations = first + 1;
        counters.Accepts = first + 2;
        counters.AcceptsStarved = first + 3;
        counters.ConnectionsOpened = first + 4;
        counters.ConnectionsClosed = first + 5;
        counters.ConnectionsRejected = first + 6;
        counters.SessionsOpened = first + 7;
        counters.SessionsClosed = first + 8;
        counters.BodiesIn = first + 9;
        counters.BodiesOut = first + 10;
        counters.BytesIn = first + 11;
        counters.BytesOut = first + 12;
        counters.QueuedBytes = first + 13;
        counters.ReadPauses = first + 14;
        counters.UnknownMessages = first + 15;
        counters.LateResponses = first + 16;
        counters.SendsRejected = first + 17;
        counters.SendsDropped = first + 24;
        counters.ResponsesLost = first + 18;
        counters.HandlerFaults = first + 19;
        counters.Ticks = first + 20;
        counters.TicksSkipped = first + 21;
        counters.AllocatedBytes = first + 22;
        counters.TraceContextsIgnored = first + 23;
        counters.Datagrams.PacketsIn = first + 31;
        counters.Datagrams.PacketsOut = first + 32;
        counters.Datagrams.BytesIn = first + 33;
        counters.Datagrams.BytesOut = first + 34;
        counters.Datagrams.PacketsLost = first + 35;
        counters.Datagrams.SegmentsSentAgain = first + 36;
        counters.Datagrams.PacketsDropped = first + 37;
        for (int reason = 1; reason < counters.Datagrams.Rejected.Length; reason++)
        {
            counters.Datagrams.Rejected[reason] = first + 40 + reason;
        }

        for (int reason = 0; reason < counters.ClosedByReason.Length; reason++)
        {
            counters.ClosedByReason[reason] = 1_000 + reason;
        }
    }

    private void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string? reason = tags.IsEmpty ? null : (string?)tags[0].Value;
        if (!_measured.TryGetValue(instrument.Name, out List<(double, string?)>? values))
        {
            _measured.Add(instrument.Name, values = []);
        }

        values.Add((value, reason));
    }
}
