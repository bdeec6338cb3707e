using NetLoop.Buffers;

namespace NetLoop.Messaging;

/// <summary>A body encoded into its own lease: for broadcasts, and for sends from threads other than the loop.</summary>
/// <remarks>Thread: the one that took it from its pool.</remarks>
internal sealed class BodyWriter(BufferPool pool) : IWriteBuffer
{
    private const int FirstBytes = 256;

    private Lease _lease;
    private int _maxBytes;
    private bool _foundPoolExhausted;
    private byte[]? _kept;

    /// <summary>Encodes a body.</summary>
    /// <param name="body">The body to write.</param>
    /// <param name="maxBytes">Longest body allowed.</param>
    /// <param name="ownedLease">The lease with the encoded bytes at its front, which the caller returns. Empty if the status is not Sent.</param>
    /// <param name="length">Number of encoded bytes.</param>
    public SendStatus Encode<TBody>(scoped in TBody body, int maxBytes, out Lease ownedLease, out int length)
        where TBody : struct, IBody, allows ref struct
    {
        if (_kept is not null)
        {
            return CopyKept(maxBytes, out ownedLease, out length);
        }

        ownedLease = default;
        length = 0;
        if (!pool.TryRent(FirstBytes, nameof(BodyWriter), out _lease))
        {
            return SendStatus.Overflow;
        }

        _maxBytes = maxBytes;
        _foundPoolExhausted = false;
        var writer = new NetWriter(this, _lease.Span);
        try
        {
            body.Write(ref writer);
        }
        catch
        {
            Release();
            throw;
        }

        if (writer.HasSpilled)
        {
            _kept = writer.Written.ToArray();
            Release();
            return CopyKept(maxBytes, out ownedLease, out length);
        }

        if (writer.Overflowed || writer.BytesWritten > maxBytes)
        {
            Release();
            return _foundPoolExhausted ? SendStatus.Overflow : SendStatus.TooLarge;
        }

        length = writer.BytesWritten;
        ownedLease = _lease;
        _lease = default;
        return SendStatus.Sent;
    }

    Span<byte> IWriteBuffer.Grow(int written, int minimumFree)
    {
        long needed = (long)written + minimumFree;
        if (needed > _maxBytes)
        {
            return default;
        }

        int wanted = (int)Math.Min(Math.Max(needed, 2L * _lease.Length), _maxBytes);
        if (!pool.TryRent(wanted, nameof(BodyWriter), out Lease larger))
        {
            _foundPoolExhausted = pool.CanEverRent(wanted);
            return default;
        }

        _lease.Span[..written].CopyTo(larger.Span);
        _lease.Return();
        _lease = larger;
        return larger.Span;
    }

    /// <summary>Drops a body that was kept for another attempt because it cannot be written again.</summary>
    public void Forget() => _kept = null;

    private SendStatus CopyKept(int maxBytes, out Lease ownedLease, out int length)
    {
        ownedLease = default;
        length = 0;
        if (_kept!.Length > maxBytes)
        {
            return SendStatus.TooLarge;
        }

        if (!pool.TryRent(_kept.Length, nameof(BodyWriter), out ownedLease))
        {
            return pool.CanEverRent(_kept.Length) ? SendStatus.Overflow : SendStatus.TooLarge;
        }

        _kept.CopyTo(ownedLease.Span);
        length = _kept.Length;
        return SendStatus.Sent;
    }

    private void Release()
    {
        _lease.Return();
        _lease = default;
    }
}
