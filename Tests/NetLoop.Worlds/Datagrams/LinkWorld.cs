using NetLoop.Buffers;

namespace NetLoop.Worlds;

/// <summary>Two reliable links with a wire between them, without sockets or sessions: many messages, over conditions that are drawn or given.</summary>
internal sealed class LinkWorld : ISimulatedEvent
{
    private const ulong WireStream = 92;
    private const ulong EndStreams = 93;
    private const int Arrival = 0;
    private const long Second = 1_000_000_000;

    /// <summary>Nothing reliable arrives for this long: nothing will, because timeouts are at most two seconds apart.</summary>
    private const long Patience = 900 * Second;

    private const long LeastDelay = Second / 1_000;

    /// <summary>The longest time that a packet waits in front of a wire with limited bandwidth.</summary>
    private const long MaxQueueTime = Second / 4;

    private readonly WorldOptions _options;
    private readonly SeededRandom _random;
    private readonly Trace _trace;
    private readonly LinkEnd[] _ends;
    private readonly List<(byte[] Bytes, int Length)> _packets = [];
    private readonly Stack<int> _free = [];
    private readonly long[] _wireFreeAt = new long[2];
    private readonly long[] _fired = new long[FaultPlan.ClassCount];
    private readonly List<ulong> _checkpoints = [];
    private Violation? _violation;
    private long _messages;
    private long _carried;
    private long _lastProgress;
    private long _blackoutFrom = long.MaxValue;
    private long _blackoutTo;

    private LinkWorld(WorldOptions options)
    {
        _options = options;
        Settings = LinkSettings.Draw(options);
        _random = SeededRandom.For(options.Seed, WireStream);
        _trace = new Trace(Events);
        if (options.Trace is not null)
        {
            _trace.WriteTo(options.Trace);
        }

        _ends = new LinkEnd[2];
        for (int side = 0; side < _ends.Length; side++)
        {
            _ends[side] = new LinkEnd(this, side, SeededRandom.For(options.Seed, EndStreams + (ulong)side), (Settings.Messages + 1 - side) / 2);
        }

        _ends[0].Other = _ends[1];
        _ends[1].Other = _ends[0];
        DrawBlackout();
    }

    public LinkSettings Settings { get; }

    public BufferPool Pool { get; } = new(new BufferPoolOptions());

    public EventQueue Events { get; } = new();

    public long Now => Second + Events.Now;

    public static WorldResult Run(WorldOptions options)
    {
        var world = new LinkWorld(options);
        try
        {
            world.Run();
        }
        catch (InvariantViolationException broken)
        {
            world.Fail("I0", $"an invariant of the engine: {broken.Message}");
        }
#pragma warning disable CA1031 // Any exception here would have ended a server.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            world.Fail("I0", $"{exception.GetType().Name}: {exception.Message}");
        }
        finally
        {
            world._trace.Dispose();
        }

        return world.Result();
    }

    /// <summary>Reports a violation if a fact does not hold; the first one ends the run.</summary>
    public void Require(bool holds, string invariant, [System.Runtime.CompilerServices.InterpolatedStringHandlerArgument(nameof(holds))] ref RequireText text)
    {
        if (!holds)
        {
            Fail(invariant, text.Take());
        }
    }

    public void Fail(string invariant, string text) => _violation ??= new Violation(invariant, text, Events.Now, _carried, WorldPhase.Safety);

    public void CountMessage(int side, int lane, long number, bool isReliable)
    {
        _trace.Event(TraceCode.Message, side, lane, number);
        if (isReliable)
        {
            _messages++;
            _lastProgress = Events.Now;
        }
    }

    /// <summary>Puts a packet on the wire.</summary>
    public void Carry(int to, ReadOnlySpan<byte> packet)
    {
        _carried++;
        LinkConditions link = Settings.Link;
        long at = Events.Now + (link.Latency.Ticks * 100);
        if (link.BytesPerSecond > 0)
        {
            long begins = Math.Max(Events.Now, _wireFreeAt[to]);
            if (begins - Events.Now > MaxQueueTime)
            {
                return; // The queue in front of the wire is full.
            }

            _wireFreeAt[to] = begins + (packet.Length * Second / link.BytesPerSecond);
            at += _wireFreeAt[to] - Events.Now;
        }

        bool isTwice = _random.Chance(link.Duplication);
        _fired[(int)FaultClass.DatagramDuplicated] += isTwice ? 1 : 0;
        for (int copies = isTwice ? 2 : 1; copies > 0; copies--)
        {
            Deliver(to, packet, at);
        }
    }

    void ISimulatedEvent.OnEvent(int kind, long argument)
    {
        int index = (int)(argument >> 1);
        (byte[] bytes, int length) = _packets[index];
        _trace.Event(TraceCode.Arrive, (int)(argument & 1), length, 0);
        _ends[argument & 1].OnPacket(bytes.AsSpan(0, length));
        _free.Push(index);
    }

    private void Run()
    {
        _ends[0].Flush();
        _ends[1].Flush();
        while (_violation is null && !(_ends[0].IsComplete && _ends[1].IsComplete))
        {
            if (_options.Cancellation.IsCancellationRequested)
            {
                return;
            }

            Require(Events.NextDue - _lastProgress < Patience, "I21", $"nothing arrives any more; {_ends[0]}; {_ends[1]}");
            if (_violation is not null)
            {
                return;
            }

            Events.FireNext(Events.NextDue);
            while (_trace.Count >= (_checkpoints.Count + 1L) * World.CheckpointEvents)
            {
                _checkpoints.Add(_trace.Hash);
            }
        }

        // Copies are still under way, and acknowledgements.
        while (_violation is null && Events.Count > 0 && !(_ends[0].Link.IsIdle && _ends[1].Link.IsIdle))
        {
            Require(Events.NextDue - _lastProgress < Patience, "I21", $"what arrived is never acknowledged; {_ends[0]}; {_ends[1]}");
            Events.FireNext(Events.NextDue);
        }

        long end = Events.Now + (20 * (Settings.Link.Latency + Settings.Link.Jitter).Ticks * 100) + Second;
        while (_violation is null && Events.FireNext(end))
        {
        }

        foreach (LinkEnd side in _ends)
        {
            Require(side.IsComplete && side.Link.IsIdle, "I7", $"after the end, {side}");
            side.Link.Clear();
            Require(side.Link.HeldBytes == 0, "I4", $"{side.Link.HeldBytes} bytes are still held after the end");
        }

        Require(Pool.Statistics.RentedLeases == 0, "I4", $"{Pool.Statistics.RentedLeases} leases of {Pool.Statistics.RentedBytes} bytes are left");
    }

    private void Deliver(int to, ReadOnlySpan<byte> packet, long at)
    {
        LinkConditions link = Settings.Link;
        if (_random.Chance(link.Loss))
        {
            _fired[(int)FaultClass.DatagramLoss]++;
            return;
        }

        if (link.Jitter > TimeSpan.Zero)
        {
            at += _random.Between(0L, link.Jitter.Ticks * 100);
        }

        if (_random.Chance(link.Reordering))
        {
            _fired[(int)FaultClass.DatagramReordered]++;
            at += _random.Between(1L, Math.Max(LeastDelay, (link.Latency + link.Jitter).Ticks * 100));
        }

        if (at >= _blackoutFrom)
        {
            if (at < _blackoutTo)
            {
                _fired[(int)FaultClass.DatagramBurstLoss]++;
                return;
            }

            if (Events.Now >= _blackoutTo)
            {
                DrawBlackout();
            }
        }

        if (!_free.TryPop(out int index))
        {
            index = _packets.Count;
            _packets.Add((new byte[Settings.Options.MaxPayloadBytes], 0));
        }

        byte[] bytes = _packets[index].Bytes;
        packet.CopyTo(bytes);
        _packets[index] = (bytes, packet.Length);
        Events.Schedule(at, this, Arrival, ((long)index << 1) | (uint)to);
    }

    private void DrawBlackout()
    {
        if (Settings.BlackoutInterval > 0)
        {
            _blackoutFrom = Events.Now + _random.Between(1L, 2 * Settings.BlackoutInterval);
            _blackoutTo = _blackoutFrom + _random.Between(1L, Settings.BlackoutTime);
        }
    }

    private WorldResult Result() => new()
    {
        Options = _options,
        Configuration = Settings.Describe(_options),
        Violation = _violation,
        IsPartial = _violation is null && _ends[0].Missing + _ends[1].Missing > 0,
        Hash = _trace.Hash,
        Events = _trace.Count,
        VirtualTime = Events.Now,
        Ticks = _carried,
        Sessions = 0,
        Messages = _messages,
        Fired = _fired,
        Checkpoints = _checkpoints,
    };
}
