using NetLoop.Messaging;
using NetLoop.Time;

namespace NetLoop.Handlers;

/// <summary>Drains the inbox: the one place from which handlers are called. Knows which handler took longest, for the report of a late tick.</summary>
/// <remarks>Thread: the one that runs handlers.</remarks>
/// <param name="inbox">Where messages come from.</param>
/// <param name="clock">Measures handlers.</param>
/// <param name="sends">Collects what handlers send; null when they run on the loop.</param>
internal sealed class HandlerPump(Inbox inbox, LoopClock clock, HandlerSends? sends = null)
{
    private long _lastRead;

    // Where an exception of the engine's own (Thread.Interrupt) left off.
    private EnvelopeBatch? _current;
    private int _next;
    private long _chargedBytes;

    /// <summary>The handler whose run of consecutive messages took longest since <see cref="ResetSlowest"/>; null when none ran.</summary>
    public string? SlowestHandler { get; private set; }

    /// <summary>How long that run took, in nanoseconds.</summary>
    public long SlowestTime { get; private set; }

    /// <summary>How many messages were in it.</summary>
    public int SlowestCount { get; private set; }

    /// <summary>Delivers what is published: at least one batch, and no further one after a time.</summary>
    /// <param name="until">Loop time after which no further batch is begun.</param>
    public void Run(long until)
    {
        sends?.Begin();
        if (_current is { } rest)
        {
            DeliverRest(rest);
        }

        while (inbox.TryTake(out EnvelopeBatch? batch))
        {
            Deliver(batch);
            if (_lastRead >= until)
            {
                break;
            }
        }

        sends?.End();
    }

    public void ResetSlowest()
    {
        SlowestHandler = null;
        SlowestTime = 0;
        SlowestCount = 0;
    }

    private void Deliver(EnvelopeBatch batch)
    {
        _chargedBytes = 0;
        _next = 0;
        _current = batch;
        DeliverRest(batch);
    }

    private void DeliverRest(EnvelopeBatch batch)
    {
        // One reading of the clock for each run of messages with the same handler: a reading for each message would cost as much as the
        // message's own decode.
        string? running = null;
        int count = 0;
        long began = clock.ReadPrecise();
        ReadOnlySpan<Envelope> envelopes = batch.Envelopes;
        while (_next < envelopes.Length)
        {
            Envelope envelope = envelopes[_next++];
            string? name = envelope.HandlerName;
            if (!ReferenceEquals(name, running))
            {
                began = EndRun(running, count, began);
                running = name;
                count = 0;
            }

            count += envelope.Messages;
            _chargedBytes += envelope.ChargedBytes;
            envelope.Deliver();
        }

        EndRun(running, count, began);
        _current = null;
        inbox.Done(batch, _chargedBytes);
    }

    private long EndRun(string? handler, int count, long began)
    {
        if (count == 0)
        {
            return began;
        }

        long now = clock.ReadPrecise();
        _lastRead = now;
        if (handler is not null && now - began > SlowestTime)
        {
            SlowestHandler = handler;
            SlowestTime = now - began;
            SlowestCount = count;
        }

        return now;
    }
}
