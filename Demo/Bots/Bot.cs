using System.Diagnostics;
using NetLoop.Demo.Arena;
using NetLoop.Demo.Echo;

namespace NetLoop.Demo.Bots;

/// <summary>One simulated client: it steers through the arena, has a move echoed now and then, and checks all it gets.</summary>
/// <remarks>Thread: the bots' loop.</remarks>
internal sealed class Bot(Session session, BotTotals totals, int seed, TimeSpan interval)
{
    private const int Window = SnapshotChecker.MaxUnacknowledged;

    private readonly BotPilot _pilot = new(seed);
    private readonly long[] _steeredAt = new long[Window];
    private readonly long[] _movedAt = new long[Window];
    private readonly long _intervalTicks = (long)(interval.TotalSeconds * Stopwatch.Frequency);
    private SnapshotChecker? _checker;
    private long _nextSend;
    private uint _movesSent;
    private uint _movesBack;
    private bool _steersNext = true;

    /// <summary>The session is in the arena.</summary>
    public void Enter(in Entered entered)
    {
        totals.Received++;
        _checker = new SnapshotChecker(entered);

        // Each bot begins at its own moment of the interval, so that they do not all send at once.
        _nextSend = Stopwatch.GetTimestamp() + ((uint)seed * 2_654_435_761L % Math.Max(1, _intervalTicks));
    }

    /// <summary>Sends what is due.</summary>
    public void Act(long now)
    {
        while (_checker is { } checker && now >= _nextSend)
        {
            _nextSend += _intervalTicks;
            Send(checker);
        }
    }

    /// <summary>Checks a snapshot.</summary>
    public void See(in Nearby snapshot)
    {
        totals.Received++;
        if (_checker is not { } checker)
        {
            Fault("a snapshot came before the entrance");
            return;
        }

        long missing = checker.Missing;
        long wrong = checker.Wrong;
        uint acknowledged = checker.Acknowledged;
        checker.Check(snapshot);
        totals.Missing += checker.Missing - missing;
        totals.Wrong += checker.Wrong - wrong;
        totals.FirstFault ??= checker.FirstFault;
        long now = Stopwatch.GetTimestamp();
        for (uint sequence = acknowledged + 1; sequence <= checker.Acknowledged; sequence++)
        {
            totals.Outstanding--;
            totals.Reaction.Record(Nanoseconds(now - _steeredAt[sequence % Window]));
        }
    }

    /// <summary>Checks a move that came back.</summary>
    public void TakeBack(in PlayerMove move)
    {
        totals.Received++;
        uint skipped = move.Sequence - _movesBack - 1;
        if (skipped >= _movesSent - _movesBack || move != MoveOf(move.Sequence))
        {
            Fault($"after move {_movesBack} of {_movesSent} came back {move}");
            return;
        }

        _movesBack = move.Sequence;
        totals.Missing += skipped;
        totals.Outstanding -= skipped + 1;
        totals.RoundTrip.Record(Nanoseconds(Stopwatch.GetTimestamp() - _movedAt[move.Sequence % Window]));
    }

    // Steering and moves take turns, so that at any rate both are checked.
    private void Send(SnapshotChecker checker)
    {
        SendStatus status;
        if (_steersNext)
        {
            if (!checker.MaySend)
            {
                return;
            }

            Steer steer = checker.Send(_pilot.Decide(checker.Position));
            _steeredAt[steer.Sequence % Window] = Stopwatch.GetTimestamp();
            status = session.Send(steer);
        }
        else
        {
            if (_movesSent - _movesBack == Window)
            {
                return;
            }

            _movesSent++;
            _movedAt[_movesSent % Window] = Stopwatch.GetTimestamp();
            status = session.Send(MoveOf(_movesSent));
        }

        _steersNext = !_steersNext;
        totals.Sent++;
        totals.Outstanding++;
        if (status != SendStatus.Sent)
        {
            Fault($"a message was refused: {status}");
        }
    }

    // Whatever comes back can be computed again, so nothing has to be remembered.
    private static PlayerMove MoveOf(uint sequence) => new(sequence, sequence * 0.25f, 1, -sequence * 0.5f, sequence % 7, (byte)sequence);

    private static long Nanoseconds(long ticks) => (long)(ticks * (1e9 / Stopwatch.Frequency));

    private void Fault(string what)
    {
        totals.Wrong++;
        totals.FirstFault ??= what;
    }
}
