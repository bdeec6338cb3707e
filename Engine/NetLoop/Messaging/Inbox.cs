using System.Threading.Channels;
using Microsoft.Extensions.ObjectPool;

namespace NetLoop.Messaging;

/// <summary>The bounded channel from the loop to the handlers.</summary>
/// <remarks>
/// Thread: <see cref="Add"/> and <see cref="Publish"/> the loop; <see cref="TryTake"/> and <see cref="Done"/> the one thread that runs handlers. The
/// receiving side checks <see cref="HasRoom"/> before it decodes a message; without room the connection pauses. Control envelopes (an opened or closed
/// session, a response, a tick) always fit, and are few: a fixed number for each session and request.
/// </remarks>
internal sealed class Inbox
{
    private readonly Channel<EnvelopeBatch> _batches;
    private readonly ObjectPool<EnvelopeBatch> _pool = new DefaultObjectPool<EnvelopeBatch>(new BatchPolicy(), 256);
    private readonly Queue<EnvelopeBatch> _waiting = new();
    private readonly int _maxMessages;
    private readonly int _maxBytes;
    private readonly Action _onRoom;
    private EnvelopeBatch _open;

    // One side writes each counter, and the other reads it. The difference is the content of the inbox.
    private long _addedMessages;
    private long _addedBytes;
    private long _doneMessages;
    private long _doneBytes;
    private int _isFullSeen;

    /// <param name="maxMessages">Maximum number of waiting messages, at least 1.</param>
    /// <param name="maxBytes">Maximum memory of the waiting messages; one message may exceed it.</param>
    /// <param name="onRoom">Called on the handlers' thread when a full inbox has room again.</param>
    public Inbox(int maxMessages, int maxBytes, Action onRoom)
    {
        _maxMessages = maxMessages;
        _maxBytes = maxBytes;
        _onRoom = onRoom;
        _open = _pool.Get();
        _batches = Channel.CreateBounded<EnvelopeBatch>(new BoundedChannelOptions(maxMessages)
        {
            SingleReader = true,
            SingleWriter = true,
            FullMode = BoundedChannelFullMode.Wait,
            AllowSynchronousContinuations = false,
        });
    }

    /// <summary>Number of messages that are added and not done.</summary>
    public long Depth => Volatile.Read(ref _addedMessages) - Volatile.Read(ref _doneMessages);

    /// <summary>Memory of the messages that are added and not done. Thread: any.</summary>
    public long HeldBytes => Volatile.Read(ref _addedBytes) - Volatile.Read(ref _doneBytes);

    /// <summary>Number of messages added so far. Thread: loop.</summary>
    public long Added => _addedMessages;

    /// <summary>Number of messages done so far; messages are done in the order in which they were added.</summary>
    public long Completed => Volatile.Read(ref _doneMessages);

    /// <summary>Whether another message fits. If not, the room callback will report when there is room.</summary>
    public bool HasRoom
    {
        get
        {
            if (HasRoomNow)
            {
                return true;
            }

            AskForRoomCall();
            return HasRoomNow;
        }
    }

    /// <summary>Whether all messages are done. If not, the room callback will report further progress.</summary>
    public bool IsEmpty
    {
        get
        {
            if (Depth == 0)
            {
                return true;
            }

            AskForRoomCall();
            return Depth == 0;
        }
    }

    private bool HasRoomNow =>
        _addedMessages - Volatile.Read(ref _doneMessages) < _maxMessages
        && FreeBytes > 0;

    /// <summary>The envelope that was added last, while the reader cannot see it yet: the next message may be added to it instead of to a new one.</summary>
    public Envelope? Last => _open.Last;

    /// <summary>Adds an envelope at the end. It becomes visible to the reader with <see cref="Publish"/>.</summary>
    public void Add(Envelope envelope)
    {
        _open.Add(envelope);
        Count(envelope.Messages, envelope.ChargedBytes);
    }

    /// <summary>Number of messages that <see cref="Last"/> may take before it becomes visible to the reader or the inbox is full.</summary>
    public int RoomInBatch => (int)Math.Min(EnvelopeBatch.Capacity - _open.Messages, _maxMessages - Depth);

    /// <summary>Bytes that still fit. If one byte fits, a whole message does.</summary>
    public long FreeBytes => _maxBytes - HeldBytes;

    /// <summary>Counts messages that were added to <see cref="Last"/>; there must be room for them.</summary>
    public void Extended(int messages, long chargedBytes)
    {
        _open.Extended(messages);
        Count(messages, chargedBytes);
    }

    /// <summary>Makes all added envelopes visible to the reader.</summary>
    public void Publish()
    {
        if (!_open.IsEmpty)
        {
            CloseBatch();
        }

        if (_waiting.Count > 0 && !TryPublishWaiting())
        {
            AskForRoomCall();
            TryPublishWaiting();
        }
    }

    /// <summary>Takes the oldest batch, if there is one. The caller must call <see cref="Done"/> after it has delivered all envelopes.</summary>
    public bool TryTake([System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out EnvelopeBatch ownedBatch) => _batches.Reader.TryRead(out ownedBatch);

    /// <summary>Whether there is a batch to take. Thread: any.</summary>
    public bool HasBatch => _batches.Reader.TryPeek(out _);

    /// <summary>Whether all batches were taken and no more will come. Thread: any.</summary>
    public bool IsOver => _batches.Reader.Completion.IsCompleted;

    /// <summary>Declares that nothing more will be added; the inbox is over when all batches are taken.</summary>
    /// <returns>False if the reader has not made room for the last batches yet; then call this again later.</returns>
    public bool TryComplete()
    {
        Publish();
        if (_waiting.Count > 0)
        {
            return false;
        }

        _batches.Writer.TryComplete();
        return true;
    }

    /// <summary>Returns a delivered batch and frees its room.</summary>
    public void Done(EnvelopeBatch ownedBatch, long chargedBytes)
    {
        int count = ownedBatch.Messages;
        _doneBytes += chargedBytes;
        Volatile.Write(ref _doneMessages, _doneMessages + count);
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _isFullSeen) != 0 && (Depth <= _maxMessages / 2 || !_batches.Reader.TryPeek(out _)))
        {
            Volatile.Write(ref _isFullSeen, 0);
            _onRoom();
        }

        ownedBatch.Clear();
        _pool.Return(ownedBatch);
    }

    /// <summary>
    /// Sets the flag that makes the reader call back. The caller must check again afterwards, because the reader may have made progress between the check and
    /// the flag.
    /// </summary>
    private void AskForRoomCall()
    {
        Volatile.Write(ref _isFullSeen, 1);
        Interlocked.MemoryBarrier();
    }

    private void Count(int messages, long chargedBytes)
    {
        _addedBytes += chargedBytes;
        Volatile.Write(ref _addedMessages, _addedMessages + messages);
        if (_open.IsFull)
        {
            CloseBatch();
        }
    }

    private bool TryPublishWaiting()
    {
        while (_waiting.TryPeek(out EnvelopeBatch? batch))
        {
            if (!_batches.Writer.TryWrite(batch))
            {
                return false;
            }

            _waiting.Dequeue();
        }

        return true;
    }

    private void CloseBatch()
    {
        // The channel holds as many batches as messages are allowed, so it is full only because of additional control envelopes.
        if (_waiting.Count > 0 || !_batches.Writer.TryWrite(_open))
        {
            _waiting.Enqueue(_open);
        }

        _open = _pool.Get();
    }

    private sealed class BatchPolicy : PooledObjectPolicy<EnvelopeBatch>
    {
        public override EnvelopeBatch Create() => new();

        public override bool Return(EnvelopeBatch obj) => true;
    }
}
