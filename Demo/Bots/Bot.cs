using System.Diagnostics;
using NetLoop.Demo.Arena;
using NetLoop.Demo.Echo;

namespace NetLoop.Demo.Bots;

/// <summary>One simulated client: it steers through the arena, sometimes sends a move to be echoed, and checks everything that it receives.</summary>
/// <remarks>Thread: the bots' loop.</remarks>
internal sealed class Bot(Session session, BotTotals totals, int seed, double rate)
{
    private const int Window = SnapshotChecker.MaxUnacknowledged;

    // A network may have lost all directions that wait for an acknowledgement, so that one must be sent from time to time.
    private static readonly long MaxSilence = Stopwatch.Frequency;

    private readonly BotPilot _pilot = new(seed);
    private readonly bool _isOnUdp = BotRoute.TransportOf(session.Remote) == BotTransport.Udp;
    private readonly long[] _steeredAt = new long[Window];
    private readonly long[] _movedAt = new long[Window];
    private long _intervalTicks = IntervalOf(rate);
    private SnapshotChecker? _checker;
    private long _nextSend;
    private uint _movesSent;
    private uint _movesBack;
    private bool _steersNext = true;
    private long _outstanding;

    /// <summary>The bot's session.</summary>
    public Session Session { get; } = session;

    /// <summary>Whether the bot is leaving, so that the end of its session is not a loss.</summary>
    public bool IsLeaving { get; private set; }

    /// <summary>Sets how many messages a second the bot sends from now on.</summary>
    public void SetRate(double messages) => _intervalTicks = IntervalOf(messages);

    /// <summary>Leaves; responses that are still pending are not waited for.</summary>
    public void Leave()
    {
        IsLeaving = true;
        totals.Outstanding -= _outstanding;
        _outstanding = 0;
        Session.Close();
    }

    /// <summary>Called when the session is in the arena.</summary>
    public void Enter(in Entered entered)
    {
        totals.Received++;
        _checker = new SnapshotChecker(entered);

        // Each bot starts at a different moment of the interval, so that they do not all send at once.
        _nextSend = Stopwatch.GetTimestamp() + ((uint)seed * 2_654_435_761L % Math.Max(1, _intervalTicks));
    }

    /// <summary>Sends the messages that are due.</summary>
    public void Act(long now)
    {
        while (_checker is { } checker && !IsLeaving && now >= _nextSend)
        {
            _nextSend += _intervalTicks;
            Send(checker);
        }
    }

    /// <summary>Checks a snapshot.</summary>
    public void See(in Nearby snapshot)
    {
        totals.Received++;
        if (IsLeaving)
        {
            return;
        }

        if (_checker is not { } checker)
        {
            // Datagrams have no order: a snapshot may overtake the entrance, and counts as skipped.
            if (!_isOnUdp)
            {
                Fault("a snapshot came before the entrance");
            }

            return;
        }

        long skipped = checker.Skipped;
        long wrong = checker.Wrong;
        uint acknowledged = checker.Acknowledged;
        checker.Check(snapshot);
        totals.Skipped += checker.Skipped - skipped;
        totals.Wrong += checker.Wrong - wrong;
        totals.FirstFault ??= checker.FirstFault;
        if (checker.Acknowledged != acknowledged)
        {
            Settle(_isOnUdp ? 0 : checker.Acknowledged - acknowledged);
            totals.Reaction.Record(Nanoseconds(Stopwatch.GetTimestamp() - _steeredAt[checker.Acknowledged % Window]));
        }
    }

    /// <summary>Checks a move that was echoed.</summary>
    public void TakeBack(in PlayerMove move)
    {
        totals.Received++;
        if (IsLeaving)
        {
            return;
        }

        uint skipped = move.Sequence - _movesBack - 1;
        if (skipped >= _movesSent - _movesBack || move != MoveOf(move.Sequence))
        {
            Fault($"after move {_movesBack} of {_movesSent} came back {move}");
            return;
        }

        _movesBack = move.Sequence;
        totals.Missing += skipped;
        Settle(skipped + 1);
        long roundTrip = Nanoseconds(Stopwatch.GetTimestamp() - _movedAt[move.Sequence % Window]);
        totals.RoundTrip.Record(roundTrip);
        (_isOnUdp ? totals.UdpRoundTrip : totals.StreamRoundTrip).Record(roundTrip);
    }

    // Steering and moves alternate, so that both are checked at any rate.
    private void Send(SnapshotChecker checker)
    {
        SendStatus status;
        bool mustArrive = !_steersNext || !_isOnUdp;
        if (_steersNext)
        {
            if (!checker.MaySend && !(_isOnUdp && Stopwatch.GetTimestamp() - _steeredAt[checker.Sent % Window] > MaxSilence))
            {
                return;
            }

            Steer steer = checker.Send(_pilot.Decide(checker.Position));
            _steeredAt[steer.Sequence % Window] = Stopwatch.GetTimestamp();
            status = Session.Send(steer);
        }
        else
        {
            if (_movesSent - _movesBack == Window)
            {
                return;
            }

            _movesSent++;
            _movedAt[_movesSent % Window] = Stopwatch.GetTimestamp();
            status = Session.Send(MoveOf(_movesSent));
        }

        _steersNext = !_steersNext;
        if (status == SendStatus.Closed)
        {
            return; // The server has ended the session; its close event counts the loss.
        }

        totals.Sent++;
        totals.Outstanding += mustArrive ? 1 : 0;
        _outstanding += mustArrive ? 1 : 0;
        if (status != SendStatus.Sent && (status != SendStatus.Dropped || mustArrive))
        {
            Fault($"a message was rejected: {status}");
        }
    }

    // The contents of every echo can be computed again, so nothing has to be stored.
    private static PlayerMove MoveOf(uint sequence) => new(sequence, sequence * 0.25f, 1, -sequence * 0.5f, sequence % 7, (byte)sequence);

    private static long IntervalOf(double messages) => (long)(Stopwatch.Frequency / messages);

    private void Settle(long answers)
    {
        totals.Outstanding -= answers;
        _outstanding -= answers;
    }

    private static long Nanoseconds(long ticks) => (long)(ticks * (1e9 / Stopwatch.Frequency));

    private void Fault(string what)
    {
        totals.Wrong++;
        totals.FirstFault ??= what;
    }
}
