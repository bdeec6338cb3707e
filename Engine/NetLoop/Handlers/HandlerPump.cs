using NetLoop.Messaging;
using NetLoop.Time;

namespace NetLoop.Handlers;

/// <summary>Drains the inbox: all handlers are called from here. Records the slowest handler, for the report of a late tick.</summary>
/// <remarks>Thread: the one that runs handlers.</remarks>
/// <param name="inbox">The source of messages.</param>
/// <param name="clock">Measures the time of handlers.</param>
/// <param name="work">Records the running handler.</param>
/// <param name="sends">Collects the sends of handlers; null when they run on the loop.</param>
internal sealed class HandlerPump(Inbox inbox, LoopClock clock, RunningWork work, HandlerSends? sends = null)
{
    private long _lastRead;
    private long _due = long.MaxValue;

    // The batch in delivery and the number of its delivered messages. Slow handlers are interrupted by ticks and reading, and after an exception of the
    // engine itself (Thread.Interrupt) the rest of the batch must not be lost.
    private EnvelopeBatch? _batch;
    private int _delivered;
    private long _deliveredBytes;

    /// <summary>
    /// The handler whose run of consecutive messages took most of the time after the due time given to <see cref="Watch"/>; null if none ran then.
    /// </summary>
    public string? SlowestHandler { get; private set; }

    /// <summary>The part of that time taken by the run, in nanoseconds.</summary>
    public long SlowestOverdue { get; private set; }

    /// <summary>The total time of the run, in nanoseconds.</summary>
    public long SlowestTime { get; private set; }

    /// <summary>Number of messages in the run.</summary>
    public int SlowestCount { get; private set; }

    /// <summary>Whether a batch was taken and is not completely delivered.</summary>
    public bool IsInBatch => _batch is not null;

    /// <summary>Delivers published envelopes: at least one, and no more after a time limit.</summary>
    /// <param name="until">Loop time after which no further envelope is started; <see cref="long.MaxValue"/> for no limit.</param>
    public void Run(long until)
    {
        sends?.Begin();
        while ((_batch is not null || inbox.TryTake(out _batch)) && TryDeliver(_batch, until) && _lastRead < until)
        {
        }

        sends?.End();
    }

    /// <summary>Discards the rest of the batch in delivery if it will no longer be delivered.</summary>
    public void DiscardRest()
    {
        if (_batch is { } batch)
        {
            foreach (Envelope envelope in batch.Envelopes[_delivered..])
            {
                _deliveredBytes += envelope.ChargedBytes;
                envelope.Discard();
            }

            EndBatch(batch);
        }
    }

    /// <summary>Forgets the causes of earlier late ticks, and starts to record those of the next one.</summary>
    /// <param name="due">The due time of the next tick.</param>
    public void Watch(long due)
    {
        _due = due;
        SlowestHandler = null;
        SlowestOverdue = 0;
        SlowestTime = 0;
        SlowestCount = 0;
    }

    /// <returns>False if the time limit came before the end of the batch.</returns>
    private bool TryDeliver(EnvelopeBatch batch, long until)
    {
        // The clock is read once for each run of messages with the same handler: a read for each message would cost as much as decoding the message.
        string? running = null;
        int count = 0;
        long began = clock.ReadPrecise();
        ReadOnlySpan<Envelope> envelopes = batch.Envelopes;
        bool isInTime = true;
        while (isInTime && _delivered < envelopes.Length)
        {
            Envelope envelope = envelopes[_delivered++];
            string? name = envelope.HandlerName;
            if (!ReferenceEquals(name, running))
            {
                began = EndRun(running, count, began);
                running = name;
                count = 0;
            }

            work.Begin(name);
            count += envelope.Messages;
            _deliveredBytes += envelope.ChargedBytes;
            envelope.Deliver();
            isInTime = until == long.MaxValue || _delivered == envelopes.Length || clock.ReadPrecise() < until;
        }

        EndRun(running, count, began);
        work.End();
        if (isInTime)
        {
            EndBatch(batch);
        }

        return isInTime;
    }

    private void EndBatch(EnvelopeBatch batch)
    {
        inbox.Done(batch, _deliveredBytes);
        _batch = null;
        _delivered = 0;
        _deliveredBytes = 0;
    }

    private long EndRun(string? handler, int count, long began)
    {
        if (count == 0)
        {
            return began;
        }

        long now = clock.ReadPrecise();
        _lastRead = now;
        long overdue = now - Math.Max(began, _due);
        if (handler is not null && overdue > SlowestOverdue)
        {
            SlowestHandler = handler;
            SlowestOverdue = overdue;
            SlowestTime = now - began;
            SlowestCount = count;
        }

        return now;
    }
}
