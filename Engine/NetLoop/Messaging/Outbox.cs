using System.Threading.Channels;

namespace NetLoop.Messaging;

/// <summary>The bounded channel from all other threads to the loop.</summary>
/// <remarks>
/// Thread: <see cref="Write"/> any but the loop; the rest the loop. A full outbox makes the writer wait: the loop drains it in every
/// iteration and never waits for a writer, so the wait ends.
/// </remarks>
internal sealed class Outbox
{
    private readonly Channel<OutboxItem> _items;
    private readonly Action _wake;

    public Outbox(int maxItems, Action wake)
    {
        _wake = wake;
        _items = Channel.CreateBounded<OutboxItem>(new BoundedChannelOptions(maxItems)
        {
            SingleReader = true,
            FullMode = BoundedChannelFullMode.Wait,
            AllowSynchronousContinuations = false,
        });
    }

    /// <summary>Whether anything waits.</summary>
    public bool HasItems => _items.Reader.TryPeek(out _);

    /// <summary>Hands an item to the loop and wakes it.</summary>
    /// <returns>False when the loop has ended; then the item, with its lease, is still the caller's.</returns>
    public bool Write(in OutboxItem item)
    {
        while (!_items.Writer.TryWrite(item))
        {
            _wake();
            if (!_items.Writer.WaitToWriteAsync().AsTask().GetAwaiter().GetResult())
            {
                return false;
            }
        }

        _wake();
        return true;
    }

    /// <summary>Carries out what waits, at most <paramref name="maxItems"/>, so that other threads cannot hold the loop.</summary>
    public int Drain(int maxItems)
    {
        int done = 0;
        while (done < maxItems && _items.Reader.TryRead(out OutboxItem item))
        {
            item.Target.OnOutbox(item);
            done++;
        }

        return done;
    }

    /// <summary>Refuses further items; those inside can still be drained.</summary>
    public void Complete() => _items.Writer.TryComplete();
}
