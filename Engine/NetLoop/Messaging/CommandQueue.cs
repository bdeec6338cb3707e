using System.Threading.Channels;
using NetLoop.Diagnostics;

namespace NetLoop.Messaging;

/// <summary>The bounded channel from all other threads to the loop.</summary>
/// <remarks>
/// Thread: <see cref="Write"/> and <see cref="TryWrite"/> any but the loop; the rest the loop. A full command queue makes the writer wait: the loop
/// drains it in every iteration, and a loop that itself waits for another one's command queue drains its own meanwhile, so the wait ends.
/// </remarks>
internal sealed class CommandQueue
{
    private readonly Channel<LoopCommand> _items;
    private readonly Queue<LoopCommand> _deferred = new();
    private readonly int _maxItems;
    private readonly Action _wake;
    private readonly IThreads _threads;

    // Writers that wait for room do so here. The channel's own waits end by way of the thread pool, even for a thread that is blocked: a pool that cannot
    // start a thread would leave it there, and throw on the loop in the middle of a read.
    private readonly object _room = new();
    private int _waiters;
    private volatile bool _isComplete;

    // The command queue in which the loop that reads this one waits for room, in the middle of a handler.
    private CommandQueue? _readerWaitsAt;

    public CommandQueue(int maxItems, Action wake, IThreads? threads = null)
    {
        _threads = threads ?? SystemThreads.Instance;
        _maxItems = maxItems;
        _wake = wake;
        _items = Channel.CreateBounded<LoopCommand>(new BoundedChannelOptions(maxItems)
        {
            SingleReader = true,
            FullMode = BoundedChannelFullMode.Wait,
        });
    }

    /// <summary>
    /// Finds the command queue of the loop that the calling thread runs, among those of the same server; null when there are no others, or
    /// the caller runs none.
    /// </summary>
    public Func<CommandQueue?>? QueueOfCaller { get; set; }

    /// <summary>What handlers on a thread of their own send; null when they have none.</summary>
    public HandlerSends? HandlerSends { get; set; }

    /// <summary>Whether anything waits.</summary>
    public bool HasItems => _deferred.Count > 0 || _items.Reader.TryPeek(out _) || HandlerSends is { HasBodies: true };

    /// <summary>Whether <see cref="DrainInsideHandler"/> has something to do.</summary>
    private bool CanDrainInsideHandler => _deferred.Count < _maxItems && _items.Reader.TryPeek(out _);

    /// <summary>Hands an item to the loop and wakes it.</summary>
    /// <returns>False when the loop has ended; then the item, with its lease, is still the caller's.</returns>
    public bool Write(in LoopCommand item)
    {
        if (HandlerSends is { IsCaller: true } sends)
        {
            sends.CloseChunk();
        }

        bool isTaken = WriteWithoutWake(item);
        if (isTaken)
        {
            _wake();
        }

        return isTaken;
    }

    /// <summary>Hands an item to the loop, which sees it when it comes by.</summary>
    /// <returns>False when the loop has ended; then the item, with its lease, is still the caller's.</returns>
    public bool WriteWithoutWake(in LoopCommand item)
    {
        while (!_items.Writer.TryWrite(item))
        {
            _wake();
            if (_isComplete)
            {
                return false;
            }

            // Two loops that wait for each other's command queue would wait forever, so a waiting loop drains its own.
            CallReader();
            CommandQueue? own = QueueOfCaller?.Invoke();
            own?.DrainInsideHandler();
            if (WriteWhenThereIsRoom(item, own))
            {
                return true;
            }
        }

        return true;
    }

    /// <summary>Hands an item to the loop and wakes it, unless the command queue is full or the loop has ended; then the item is still the caller's.</summary>
    public bool TryWrite(in LoopCommand item)
    {
        if (!_items.Writer.TryWrite(item))
        {
            return false;
        }

        _wake();
        return true;
    }

    /// <summary>Runs queued commands, at most <paramref name="maxItems"/>, so that other threads cannot hold up the loop.</summary>
    public int Drain(int maxItems)
    {
        int done = CarryOutSends();
        while (done < maxItems && (_deferred.TryDequeue(out LoopCommand item) || _items.Reader.TryRead(out item)))
        {
            CallWaiters();

            // What handlers sent before they wrote this item goes before it.
            done += CarryOutSends() + 1;
            item.Target.OnCommand(item);
        }

        return done;
    }

    /// <summary>Rejects further items; queued items can still be drained.</summary>
    public void Complete()
    {
        _isComplete = true;
        _items.Writer.TryComplete();
        CallWaiters();
    }

    /// <summary>Waits until the loop has made room, and tries once more.</summary>
    /// <param name="item">What to write.</param>
    /// <param name="own">The command queue that the caller reads: it does not wait while there is something in it that it may carry out.</param>
    /// <returns>False when others were faster, the loop has ended, or the caller has to drain its own command queue.</returns>
    private bool WriteWhenThereIsRoom(in LoopCommand item, CommandQueue? own)
    {
        Interlocked.Increment(ref _waiters);
        if (own is not null)
        {
            Interlocked.Exchange(ref own._readerWaitsAt, this);
        }

        try
        {
            lock (_room)
            {
                // Once counted, look again: a thread that makes room from here on sees the count, and takes this lock to call. So does one that
                // finds the caller's own command queue full.
                if (_items.Writer.TryWrite(item))
                {
                    return true;
                }

                if (!_isComplete && own is not { CanDrainInsideHandler: true })
                {
                    _threads.Wait(_room);
                }
            }
        }
        finally
        {
            if (own is not null)
            {
                Volatile.Write(ref own._readerWaitsAt, null);
            }

            Interlocked.Decrement(ref _waiters);
        }

        return _items.Writer.TryWrite(item);
    }

    /// <summary>Lets the loop drain this command queue, which is full, if it waits for room in another one.</summary>
    private void CallReader()
    {
        if (Volatile.Read(ref _readerWaitsAt) is { } elsewhere)
        {
            elsewhere.CallAll();
        }
    }

    /// <summary>Lets writers that wait try again, after room was made.</summary>
    private void CallWaiters()
    {
        if (Volatile.Read(ref _waiters) > 0)
        {
            CallAll();
        }
    }

    private void CallAll()
    {
        lock (_room)
        {
            _threads.PulseAll(_room);
        }
    }

    /// <summary>Runs the commands that may run inside a handler, and defers the others, at most as many as the command queue holds.</summary>
    private void DrainInsideHandler()
    {
        while (CanDrainInsideHandler && _items.Reader.TryRead(out LoopCommand item))
        {
            CallWaiters();
            CarryOutSends();
            if (item.Target.MayRunInsideHandler)
            {
                item.Target.OnCommand(item);
            }
            else
            {
                _deferred.Enqueue(item);
            }
        }
    }

    private int CarryOutSends() => HandlerSends?.CarryOut() ?? 0;
}
