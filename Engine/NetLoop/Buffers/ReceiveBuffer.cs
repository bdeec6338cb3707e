using NetLoop.Diagnostics;

namespace NetLoop.Buffers;

/// <summary>The bytes a connection has received but not yet consumed. Part of each connection; holds memory only while there are such bytes.</summary>
/// <remarks>
/// Thread: loop. Most receives go into a scratch buffer that all connections share, and only the bytes of a partial frame are kept here, so that
/// ten thousand idle connections hold no memory. The lease grows with the bytes received, never with a length a peer announced.
/// </remarks>
internal struct ReceiveBuffer
{
    private const string Owner = "receive buffer";

    private Lease _lease;
    private int _start;
    private int _end;

    /// <summary>What is there, oldest byte first. Valid until the next call that changes the buffer.</summary>
    public readonly Span<byte> Unread => _lease.Span[_start.._end];

    /// <summary>Whether it holds a block of the pool.</summary>
    public readonly bool HoldsLease => !_lease.IsEmpty;

    /// <summary>The size of that block; 0 without one.</summary>
    public readonly int BlockBytes => _lease.Length;

    /// <summary>True when no byte is unread.</summary>
    public readonly bool IsEmpty => _start == _end;

    /// <summary>Copies the unread bytes of the shared scratch buffer. The buffer must be empty.</summary>
    /// <returns>False when the pool is exhausted; nothing was kept then.</returns>
    public bool TryKeep(BufferPool pool, ReadOnlySpan<byte> leftover)
    {
        Invariant.Holds(_lease.IsEmpty);
        if (leftover.IsEmpty)
        {
            return true;
        }

        if (!pool.TryRent(leftover.Length, Owner, out _lease))
        {
            return false;
        }

        leftover.CopyTo(_lease.Span);
        _end = leftover.Length;
        return true;
    }

    /// <summary>Makes room after the unread bytes: uses free space, or moves the bytes to the front, or to a larger lease.</summary>
    /// <param name="pool">Where a larger lease comes from.</param>
    /// <param name="maxBytes">Most bytes that may be unread at once: the largest frame with its header and trailer.</param>
    /// <param name="free">At least one byte, to be followed by <see cref="Received"/>; empty when false.</param>
    /// <returns>False when the limit is reached or the pool is exhausted; the unread bytes are as before.</returns>
    public bool TryMakeRoom(BufferPool pool, int maxBytes, out Span<byte> free)
    {
        int unread = _end - _start;
        if (unread >= maxBytes || (_end == _lease.Length && !TryMoveUnread(pool, unread, maxBytes)))
        {
            free = default;
            return false;
        }

        free = _lease.Span[_end..];
        if (free.Length > maxBytes - unread)
        {
            free = free[..(maxBytes - unread)];
        }

        return true;
    }

    /// <summary>Adds bytes that were written into the room; 0 when there were none after all.</summary>
    public void Received(int count)
    {
        Invariant.Holds(count >= 0);
        Invariant.Holds(count <= _lease.Length - _end);
        _end += count;
        ReleaseIfEmpty();
    }

    /// <summary>Drops the oldest bytes; with the last of them goes the lease, which is how the buffer shrinks after a burst.</summary>
    public void Consume(int count)
    {
        Invariant.Holds(count >= 0);
        Invariant.Holds(count <= _end - _start);
        _start += count;
        ReleaseIfEmpty();
    }

    /// <summary>Drops everything and returns the lease. May be called more than once.</summary>
    public void Release()
    {
        if (!_lease.IsEmpty)
        {
            _lease.Return();
        }

        this = default;
    }

    private void ReleaseIfEmpty()
    {
        if (_start == _end)
        {
            Release();
        }
    }

    private bool TryMoveUnread(BufferPool pool, int unread, int maxBytes)
    {
        // Moving to the front copies the unread bytes and should buy as many free ones, or a full buffer would be copied again and again.
        bool worthCompacting = _start > 0 && unread <= _lease.Length / 2;
        bool mayGrow = _lease.Length < maxBytes;

        // Asking for one byte more than now gives the next size of block, which is four times as large.
        if (!worthCompacting && mayGrow && pool.TryRent(_lease.Length + 1, Owner, out Lease larger))
        {
            Unread.CopyTo(larger.Span);
            Release();
            _lease = larger;
        }
        else if (_start > 0)
        {
            Unread.CopyTo(_lease.Span);
        }
        else
        {
            return false;
        }

        _start = 0;
        _end = unread;
        return true;
    }
}
