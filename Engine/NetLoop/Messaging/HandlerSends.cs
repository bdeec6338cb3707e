using NetLoop.Buffers;
using NetLoop.Diagnostics;
using NetLoop.Sending;

namespace NetLoop.Messaging;

/// <summary>
/// The sends of handlers on their own thread to the sessions of their loop: encoded into chunks, with one wake-up of the loop for a whole series of sends.
/// </summary>
/// <remarks>
/// Alone in the command queue, each body would cost a lease, two locks, a slot of the channel and, worst, a wake-up, which on a shared core is a thread
/// switch. The order is kept: a chunk takes its slot in the command queue when it is opened, and is closed before its thread writes anything else there.
/// Without a free chunk, and for bodies that do not fit into one, sends go through the command queue one by one, which makes threads wait that are too far
/// ahead. The gain, measured by the echo of 100 and 1,000 connections: 1.04 times the messages with 1 in flight, 1.3 times with 16. Thread: the handlers' for
/// <see cref="Begin"/>, <see cref="End"/>, <see cref="TrySend"/> and <see cref="CloseChunk"/>; the loop for the others.
/// </remarks>
internal sealed class HandlerSends : ICommandTarget
{
    private const int MaxChunks = 8;

    private readonly CommandQueue _outbox;
    private readonly BufferPool _pool;
    private readonly Action _wake;
    private readonly SendChunk?[] _chunks = new SendChunk?[MaxChunks];
    private int _nextChunk;
    private Thread? _thread;
    private bool _isWakeOwed;

    // The chunk that handlers write to, and the chunk that the loop reads.
    private SendChunk? _writing;
    private SendChunk? _reading;

    public HandlerSends(CommandQueue commands, BufferPool pool, Action wake)
    {
        _outbox = commands;
        _pool = pool;
        _wake = wake;
        commands.HandlerSends = this;
    }

    /// <summary>Whether the caller is the thread that runs handlers, in the middle of a run. Thread: any.</summary>
    public bool IsCaller => Thread.CurrentThread == Volatile.Read(ref _thread);

    /// <summary>Whether the chunk that the loop reads has more bodies. Thread: loop.</summary>
    public bool HasBodies => _reading is { HasBodies: true };

    /// <summary>Makes the calling thread the one that runs handlers.</summary>
    public void Begin() => Volatile.Write(ref _thread, Thread.CurrentThread);

    /// <summary>Passes on the sends since <see cref="Begin"/>.</summary>
    public void End()
    {
        CloseChunk();
        WakeLoop();
        Volatile.Write(ref _thread, null);
    }

    /// <summary>Wakes the loop if anything was sent since the last call.</summary>
    public void WakeLoop()
    {
        if (_isWakeOwed)
        {
            _isWakeOwed = false;
            _wake();
        }
    }

    /// <summary>Encodes a body into the open chunk.</summary>
    /// <param name="target">The receiver.</param>
    /// <param name="body">The body to write.</param>
    /// <param name="maxBytes">Longest body allowed.</param>
    /// <param name="kept">The encoded body, if it must be sent another way and cannot be written again; otherwise empty.</param>
    /// <param name="mode">How it is sent.</param>
    /// <returns>False if the body must be sent another way.</returns>
    public bool TrySend<TBody>(ISendTarget target, scoped in TBody body, int maxBytes, out ReadOnlySpan<byte> kept, SendMode mode = default)
        where TBody : struct, IBody, allows ref struct
    {
        kept = default;

        // Try once more in a new chunk if this one has no room left.
        for (bool isNew = false; !isNew;)
        {
            if (_writing is null)
            {
                isNew = true;
                if (!TryOpenChunk())
                {
                    return false;
                }
            }

            var writer = new NetWriter(_writing!.Room);
            body.Write(ref writer);
            if (writer.HasSpilled)
            {
                kept = writer.Written;
                return false;
            }

            if (!writer.Overflowed)
            {
                if (writer.BytesWritten > maxBytes)
                {
                    return false;
                }

                _writing.Add(target, writer.BytesWritten, mode);
                _isWakeOwed = true;
                return true;
            }

            CloseChunk();
        }

        return false;
    }

    /// <summary>Closes the open chunk, so that later commands of its thread follow it.</summary>
    public void CloseChunk()
    {
        _writing?.Close();
        _writing = null;
    }

    /// <summary>Passes the sends so far to their sessions.</summary>
    /// <returns>Number of bodies.</returns>
    public int CarryOut()
    {
        if (_reading is null)
        {
            return 0;
        }

        if (_reading.CarryOut(out int bodies))
        {
            _reading = null;
        }

        return bodies;
    }

    void ICommandTarget.OnCommand(in LoopCommand item)
    {
        Invariant.Holds(_reading is null); // The previous chunk was closed before its thread wrote this item, and carried out before this item was read.
        _reading = (SendChunk)item.State!;
        CarryOut();
    }

    private bool TryOpenChunk()
    {
        SendChunk chunk = _chunks[_nextChunk] ??= new SendChunk();
        if (!chunk.IsFree || !_pool.TryRent(SendChunk.Bytes, nameof(SendChunk), out Lease memory))
        {
            return false;
        }

        chunk.Open(memory);
        if (!_outbox.WriteWithoutWake(new LoopCommand(this, State: chunk)))
        {
            chunk.Free();
            return false;
        }

        _writing = chunk;
        _nextChunk = (_nextChunk + 1) % MaxChunks;
        return true;
    }
}
