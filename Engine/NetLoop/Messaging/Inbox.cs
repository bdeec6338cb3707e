using System.Threading.Channels;
using Microsoft.Extensions.ObjectPool;

namespace NetLoop.Messaging;

/// <summary>The bounded channel from the loop to the handlers.</summary>
/// <remarks>
/// Thread: <see cref="Add"/> and <see cref="Publish"/> on the loop; <see cref="TryTake"/> and <see cref="Done"/> on the one thread that runs handlers.
/// Whoever receives asks <see cref="HasRoom"/> before it decodes a message; without room the connection pauses. Control envelopes (a session
/// opened or closed, an answer, a tick) always fit, and are few: a fixed number for each session and request.
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

    // One side writes each, the other reads it. Their difference is the content of the inbox.
    private long _addedMessages;
    private long _addedBytes;
    private long _doneMessages;
    private long _doneBytes;
    private int _isFullSeen;

    /// <param name="maxMessages">Messages that may wait, at least 1.</param>
    /// <param name="maxBytes">Memory of decoded messages that may wait; one message more may be inside.</param>
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

    /// <summary>Envelopes added and not yet done.</summary>
    public long Depth => Volatile.Read(ref _addedMessages) - Volatile.Read(ref _doneMessages);

    /// <summary>Memory of the messages added and not yet done. Thread: any.</summary>
    public long HeldBytes => Volatile.Read(ref _addedBytes) - Volatile.Read(ref _doneBytes);

    /// <summary>Messages ever added. Thread: loop.</summary>
    public long Added => _addedMessages;

    /// <summary>Messages ever done: of those added, the oldest.</summary>
    public long Completed => Volatile.Read(ref _doneMessages);

    /// <summary>Whether another message fits. A refusal is remembered, and answered by the room callback.</summary>
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

    /// <summary>Whether everything added is done. If not, the room callback comes with further progress.</summary>
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

    /// <summary>The envelope added last, while the reader cannot see it yet: the next message may go into it, instead of into one of its own.</summary>
    public Envelope? Last => _open.Last;

    /// <summary>Adds an envelope at the end; visible to the reader after <see cref="Publish"/>.</summary>
    public void Add(Envelope envelope)
    {
        _open.Add(envelope);
        Count(envelope.Messages, envelope.ChargedBytes);
    }

    /// <summary>Messages that <see cref="Last"/> may take in before it becomes visible to the reader, or the inbox is full.</summary>
    public int RoomInBatch => (int)Math.Min(EnvelopeBatch.Capacity - _open.Messages, _maxMessages - Depth);

    /// <summary>Bytes that still fit; a message of which one does fits whole.</summary>
    public long FreeBytes => _maxBytes - HeldBytes;

    /// <summary>Counts messages that <see cref="Last"/> took in, no more than there was room for.</summary>
    public void Extended(int messages, long chargedBytes)
    {
        _open.Extended(messages);
        Count(messages, chargedBytes);
    }

    /// <summary>Makes everything added visible to the reader.</summary>
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

    /// <summary>Takes the oldest batch, if there is one; its taker calls <see cref="Done"/> when all its envelopes are delivered.</summary>
    public bool TryTake([System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out EnvelopeBatch ownedBatch) => _batches.Reader.TryRead(out ownedBatch);

    /// <summary>Whether there is a batch to take. Thread: any.</summary>
    public bool HasBatch => _batches.Reader.TryPeek(out _);

    /// <summary>Whether everything was taken and nothing more will come. Thread: any.</summary>
    public bool IsOver => _batches.Reader.Completion.IsCompleted;

    /// <summary>Says that nothing more will be added; the inbox is over when everything is taken.</summary>
    /// <returns>False while the reader has not made room for the last batches; to be called again then.</returns>
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

    /// <summary>Gives a delivered batch back and makes its room available.</summary>
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
    /// Raises the flag that makes the reader call. The caller looks again afterwards: the reader may have made progress between look and
    /// flag.
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
        // The channel holds as many batches as messages are allowed, so it refuses only when control envelopes come on top.
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
