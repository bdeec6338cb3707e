using NetLoop.Diagnostics;

namespace NetLoop.Buffers;

/// <summary>The bytes that a connection has received but not consumed. Part of each connection; holds memory only while there are such bytes.</summary>
/// <remarks>
/// Thread: loop. Most receives go into a scratch buffer that all connections share, and only the bytes of a partial frame are kept here, so that ten thousand
/// idle connections hold no memory. The lease grows with the bytes received, never with an announced length.
/// </remarks>
internal struct ReceiveBuffer
{
    private const string Owner = "receive buffer";

    private Lease _lease;
    private int _start;
    private int _end;

    /// <summary>The unread bytes, oldest first. Valid until the next call that changes the buffer.</summary>
    public readonly Span<byte> Unread => _lease.Span[_start.._end];

    /// <summary>Whether it holds a block of the pool.</summary>
    public readonly bool HoldsLease => !_lease.IsEmpty;

    /// <summary>The size of that block; 0 if there is none.</summary>
    public readonly int BlockBytes => _lease.Length;

    /// <summary>True if no byte is unread.</summary>
    public readonly bool IsEmpty => _start == _end;

    /// <summary>Copies the unread bytes of the shared scratch buffer. The buffer must be empty.</summary>
    /// <returns>False if the pool is exhausted; nothing is kept then.</returns>
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

    /// <summary>Makes room after the unread bytes: uses free space, or moves the bytes to the front or to a larger lease.</summary>
    /// <param name="pool">The source of a larger lease.</param>
    /// <param name="maxBytes">Maximum number of unread bytes: the largest frame with its header and trailer.</param>
    /// <param name="free">At least one byte, to be followed by a call of <see cref="Received"/>; empty if the result is false.</param>
    /// <returns>False if the limit is reached or the pool is exhausted; the unread bytes are unchanged.</returns>
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

    /// <summary>Adds bytes that were written into the room; may be 0.</summary>
    public void Received(int count)
    {
        Invariant.Holds(count >= 0);
        Invariant.Holds(count <= _lease.Length - _end);
        _end += count;
        ReleaseIfEmpty();
    }

    /// <summary>Drops the oldest bytes. When the last byte is dropped, the lease is returned, so that the buffer shrinks after a burst.</summary>
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
        // Moving to the front copies the unread bytes and should free at least as many; otherwise a full buffer would be copied again and again.
        bool worthCompacting = _start > 0 && unread <= _lease.Length / 2;
        bool mayGrow = _lease.Length < maxBytes;

        // One byte more than the current length gives the next block size, which is four times as large.
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
