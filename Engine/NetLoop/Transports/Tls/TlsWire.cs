using System.Threading.Tasks.Sources;
using NetLoop.Buffers;
using NetLoop.Stack;

namespace NetLoop.Transports.Tls;

/// <summary>The encrypted side of a TLS connection: a stream whose reads and writes are those of a socket that does not block.</summary>
/// <remarks>
/// Thread: loop. A read that finds nothing stays pending until <see cref="Resume"/>, which continues it on the calling thread. A write always
/// completes at once: bytes that the socket does not accept are held. No member throws because of the socket; <see cref="Failure"/> has its status.
/// </remarks>
internal sealed class TlsWire(INetworkStack stack, BufferPool pool) : Stream, IValueTaskSource<int>
{
    /// <summary>
    /// Maximum number of bytes held. TLS writes at most one record at a time, and a handshake a few KiB; only a peer that keeps requesting new keys and does
    /// not read reaches this.
    /// </summary>
    private const int MaxHeldBytes = 64 * 1024;

    /// <summary>Length of the header of a record: type, version and length.</summary>
    private const int HeaderBytes = 5;

    /// <summary>Longest content of a record (RFC 5246, section 6.2.3). For a longer one, the stream would rent memory before the record arrives.</summary>
    private const int MaxRecordBytes = (16 * 1024) + 2048;

    private const string Owner = "TLS channel";

    private ManualResetValueTaskSourceCore<int> _read;
    private Memory<byte> _room;
    private bool _isPending;
    private Lease _held;
    private int _heldFrom;
    private int _heldTo;

    // Where the input is: in the header of a record, or in its content.
    private int _headerBytes;
    private int _length;
    private int _contentLeft;

    /// <summary>The socket of the connection.</summary>
    public SocketHandle Socket { get; set; }

    /// <summary>Whether the kernel may have bytes to receive.</summary>
    public bool MayReceive { get; set; }

    /// <summary>
    /// Maximum number of bytes to receive in this call. TLS continues to read until it has bytes for the application, and a peer can send records without any.
    /// </summary>
    public int Budget { get; set; }

    /// <summary>Whether a record has begun that is not complete.</summary>
    public bool IsInRecord => _headerBytes > 0 || _contentLeft > 0;

    /// <summary>Whether the peer has ended the stream.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>The status with which the socket failed; Ok if it has not.</summary>
    public SocketStatus Failure { get; private set; }

    /// <summary>Bytes received.</summary>
    public long ReceivedBytes { get; private set; }

    /// <summary>Whether bytes are held that the socket has not accepted.</summary>
    public bool HoldsOutput => _heldTo > _heldFrom;

    /// <summary>Whether it holds a block of the pool.</summary>
    public bool HoldsLease => !_held.IsEmpty;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Continues a pending read, if there is something to receive.</summary>
    public void Resume()
    {
        int count = 0;
        if (_isPending && (_room.Length == 0 || TryReceive(_room.Span, out count)))
        {
            _isPending = false;
            _room = default;
            _read.SetResult(count);
        }
    }

    /// <summary>Ends the stream for a pending read, so that its reader returns the memory that it holds.</summary>
    public void End()
    {
        HasEnded = true;
        Resume();
    }

    /// <summary>Sends the bytes that are held.</summary>
    /// <returns>Ok if no bytes are held any more; WouldBlock if the socket accepts no more now; otherwise the failure.</returns>
    public SocketStatus SendHeld()
    {
        while (HoldsOutput && Failure == SocketStatus.Ok)
        {
            int sent = SendNow(_held.Span[_heldFrom.._heldTo]);
            if (sent == 0)
            {
                break;
            }

            _heldFrom += sent;
        }

        if (Failure != SocketStatus.Ok)
        {
            return Failure;
        }

        if (HoldsOutput)
        {
            return SocketStatus.WouldBlock;
        }

        Release();
        return SocketStatus.Ok;
    }

    /// <summary>Discards the bytes that are held.</summary>
    public void Release()
    {
        if (!_held.IsEmpty)
        {
            _held.Return();
            _held = default;
        }

        _heldFrom = 0;
        _heldTo = 0;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // A read of no bytes completes when there is something to read.
        int count = 0;
        if (buffer.Length == 0 ? MayReceive || HasEnded : TryReceive(buffer.Span, out count))
        {
            return new ValueTask<int>(count);
        }

        _room = buffer;
        _isPending = true;
        _read.Reset();
        return new ValueTask<int>(this, _read.Version);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    // Some platforms send an alert this way.
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        ReadOnlySpan<byte> bytes = buffer;
        if (Failure != SocketStatus.Ok)
        {
            return; // Nothing may follow a record that was not sent completely.
        }

        if (!HoldsOutput)
        {
            int sent = -1;
            while (!bytes.IsEmpty && sent != 0)
            {
                sent = SendNow(bytes);
                bytes = bytes[sent..];
            }
        }

        if (!bytes.IsEmpty && Failure == SocketStatus.Ok)
        {
            Hold(bytes);
        }
    }

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    int IValueTaskSource<int>.GetResult(short token) => _read.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _read.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _read.OnCompleted(continuation, state, token, flags);

    /// <returns>False when there is nothing to receive now. The end of the stream, and a failure, count as 0 bytes.</returns>
    private bool TryReceive(Span<byte> room, out int count)
    {
        count = 0;
        if (HasEnded)
        {
            return true;
        }

        if (!MayReceive || Budget <= 0)
        {
            return false;
        }

        SocketResult result = stack.Receive(Socket, room);
        if (result.Status == SocketStatus.Ok)
        {
            count = result.Count;
            ReceivedBytes += count;
            Budget -= count;
            HasEnded = count == 0;
            MayReceive = count == room.Length;
            if (!AreRecordsShortEnough(room[..count]))
            {
                Failure = SocketStatus.ProtocolError;
                HasEnded = true;
                count = 0;
            }

            return true;
        }

        MayReceive = false;
        if (result.Status.Classify() is FailureClass.Transient)
        {
            return false;
        }

        Failure = result.Status;
        HasEnded = true;
        return true;
    }

    /// <summary>Follows the headers of the records.</summary>
    /// <returns>False when a record is announced that is longer than allowed.</returns>
    private bool AreRecordsShortEnough(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_contentLeft > 0)
            {
                int content = Math.Min(_contentLeft, bytes.Length);
                _contentLeft -= content;
                bytes = bytes[content..];
                continue;
            }

            // The last two bytes of the header are the length.
            _length = ((_length << 8) | bytes[0]) & 0xFFFF;
            bytes = bytes[1..];
            if (++_headerBytes == HeaderBytes)
            {
                _headerBytes = 0;
                _contentLeft = _length;
                if (_length > MaxRecordBytes)
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <returns>Number of bytes that the socket has accepted; also 0 if it failed.</returns>
    private unsafe int SendNow(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            var segment = new SendSegment(new ReadOnlySpan<byte>(start, bytes.Length));
            SocketResult result = stack.Send(Socket, new ReadOnlySpan<SendSegment>(in segment));
            if (result.Status == SocketStatus.Ok)
            {
                return result.Count;
            }

            if (result.Status.Classify() is not FailureClass.Transient)
            {
                Failure = result.Status;
            }

            return 0;
        }
    }

    private void Hold(ReadOnlySpan<byte> bytes)
    {
        int held = _heldTo - _heldFrom;
        if (held + bytes.Length > MaxHeldBytes)
        {
            Failure = SocketStatus.ConnectionAborted; // Part of a record is lost.
            return;
        }

        if (_held.Length - _heldTo < bytes.Length)
        {
            if (!pool.TryRent(held + bytes.Length, Owner, out Lease larger))
            {
                Failure = SocketStatus.ConnectionAborted;
                return;
            }

            _held.Span[_heldFrom.._heldTo].CopyTo(larger.Span);
            if (!_held.IsEmpty)
            {
                _held.Return();
            }

            _held = larger;
            _heldFrom = 0;
            _heldTo = held;
        }

        bytes.CopyTo(_held.Span[_heldTo..]);
        _heldTo += bytes.Length;
    }
}
