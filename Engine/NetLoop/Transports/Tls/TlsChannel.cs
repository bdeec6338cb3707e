#pragma warning disable CA1001 // Release disposes what it owns, as for every channel.
#pragma warning disable CA2012 // The stream's tasks are checked without an await, because the loop itself completes them.

using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using NetLoop.Buffers;
using NetLoop.Diagnostics;
using NetLoop.Transports.Streams;

namespace NetLoop.Transports.Tls;

/// <summary>An encrypted channel: an <see cref="SslStream"/> that the loop drives, over a socket that does not block.</summary>
/// <remarks>
/// Thread: loop. The stream never waits on its own: its read is pending until the loop finds the socket readable, and its continuation runs inside the
/// loop's call. Plain bytes count as sent when the socket has accepted their whole record, so the caller's queue keeps them until then.
/// </remarks>
internal sealed class TlsChannel : IStreamChannel
{
    /// <summary>Maximum number of bytes that a peer may send before the handshake ends: room for several certificate chains.</summary>
    public const int MaxHandshakeBytes = 64 * 1024;

    /// <summary>Maximum number of bytes received in one call, whatever they are.</summary>
    private const int MaxBytesPerCall = 64 * 1024;

    /// <summary>Memory that the stream rents for a record that is not complete.</summary>
    private const int RecordBlockBytes = 32 * 1024;

    /// <summary>Maximum number of plain bytes in a record (RFC 8446, section 5.1).</summary>
    private const int MaxRecordBytes = 16 * 1024;

    private readonly INetworkStack _stack;
    private readonly ITlsAuthentication _authentication;
    private readonly BorrowedMemory _borrowed;
    private readonly TlsWire _wire;
    private readonly SslStream _stream;
    private Task? _handshake;
    private string? _rejection;

    // A read of no bytes: it completes when there are plain bytes to read.
    private ValueTask<int> _look;
    private bool _isLooking;
    private bool _hasEnded;
    private bool _endsSending;

    // Plain bytes whose record the socket has accepted only partly.
    private int _unreportedBytes;

    /// <param name="stack">The network stack of the socket.</param>
    /// <param name="pool">Lends memory for bytes that the socket does not accept.</param>
    /// <param name="authentication">This side of the handshake.</param>
    /// <param name="borrowed">Shared by the channels of a loop.</param>
    public TlsChannel(INetworkStack stack, BufferPool pool, ITlsAuthentication authentication, BorrowedMemory borrowed)
    {
        _stack = stack;
        _authentication = authentication;
        _borrowed = borrowed;
        _wire = new TlsWire(stack, pool);
        _stream = new SslStream(_wire, leaveInnerStreamOpen: true);
    }

    public bool IsOpen { get; private set; }

    public long HandshakeTimeout => _authentication.Timeout;

    public string HandshakeName => "TLS handshake";

    public bool AnswersHandshake => _authentication.IsServer;

    public bool MayHaveMore => HoldsInput || _wire.MayReceive;

    public bool HoldsInput { get; private set; }

    public bool HoldsOutput => _wire.HoldsOutput;

    public bool IsTruncated { get; private set; }

    public string? FailureText { get; private set; }

    public int LeaseCount => _wire.HoldsLease ? 1 : 0;

    public int HeldBlockBytes => _wire.IsInRecord ? RecordBlockBytes : 0;

    public TlsPeer? Peer { get; private set; }

    public SocketStatus Open(SocketHandle socket)
    {
        using var inline = InlineContinuations.Begin();
        _wire.Socket = socket;
        _wire.MayReceive = true;
        _wire.Budget = MaxBytesPerCall;
        try
        {
            if (_handshake is null)
            {
                _handshake = _authentication.BeginAsync(_stream, reason => _rejection = reason);
            }
            else
            {
                _wire.Resume();
            }

            if (!_handshake.IsCompleted)
            {
                return WireFailure() is not SocketStatus.Ok and var failure ? failure
                    : _wire.ReceivedBytes > MaxHandshakeBytes ? Fail("TLS failed: the handshake is longer than allowed")
                    : SocketStatus.WouldBlock;
            }

            _handshake.GetAwaiter().GetResult();
            Peer = DescribePeer();
            IsOpen = true;
            return SocketStatus.Ok;
        }
        catch (Exception exception) when (IsPeersFault(exception))
        {
            return _rejection is not null ? Fail(_rejection)
                : _wire is { Failure: SocketStatus.Ok, HasEnded: true } ? SocketStatus.Ok
                : Fail(exception);
        }
        catch (NotSupportedException exception)
        {
            // At a server: no ClientHello came first, so no certificate was chosen.
            return Fail(_authentication.IsServer ? "TLS failed: the client did not begin a handshake" : TlsText.Describe(exception));
        }
    }

    public SocketResult Receive(SocketHandle socket, Span<byte> room)
    {
        using var inline = InlineContinuations.Begin();
        _wire.MayReceive = true;
        _wire.Budget = MaxBytesPerCall;
        SocketStatus status = Look();
        if (status != SocketStatus.Ok || _hasEnded)
        {
            return new SocketResult(status, 0);
        }

        status = Read(room, out int count);
        HoldsInput = false;
        if (status != SocketStatus.Ok)
        {
            return new SocketResult(status, 0);
        }

        if (count == 0)
        {
            return OnEnded();
        }

        // The stream may hold further records that no poller reports. The socket is not read for this.
        bool mayReceive = _wire.MayReceive;
        _wire.MayReceive = false;
        status = Look();
        HoldsInput = status != SocketStatus.WouldBlock; // A failure is reported by the next receive.
        _wire.MayReceive = mayReceive;
        return new SocketResult(SocketStatus.Ok, count);
    }

    public SocketResult Send(SocketHandle socket, ReadOnlySpan<SendSegment> segments)
    {
        SocketStatus status = Flush(socket);
        if (status != SocketStatus.Ok)
        {
            return new SocketResult(status, 0);
        }

        using var inline = InlineContinuations.Begin();
        int sent = _unreportedBytes;
        int skipped = _unreportedBytes;
        _unreportedBytes = 0;
        foreach (SendSegment segment in segments)
        {
            ReadOnlySpan<byte> bytes = segment.Bytes;
            int from = Math.Min(skipped, bytes.Length);
            skipped -= from;
            while (from < bytes.Length)
            {
                ReadOnlySpan<byte> record = bytes.Slice(from, Math.Min(bytes.Length - from, MaxRecordBytes));
                status = Write(record);
                if (status != SocketStatus.Ok)
                {
                    return new SocketResult(status, 0);
                }

                if (_wire.HoldsOutput)
                {
                    _unreportedBytes = record.Length;
                    return sent == 0 ? new SocketResult(SocketStatus.WouldBlock, 0) : new SocketResult(SocketStatus.Ok, sent);
                }

                sent += record.Length;
                from += record.Length;
            }
        }

        return new SocketResult(SocketStatus.Ok, sent);
    }

    public SocketStatus Flush(SocketHandle socket)
    {
        SocketStatus status = _wire.SendHeld();
        if (status == SocketStatus.Ok && _endsSending)
        {
            _endsSending = false;
            _stack.ShutdownSend(socket);
        }

        return status;
    }

    /// <summary>Tells the peer that nothing follows (close_notify), and then ends the socket's sending direction.</summary>
    public void EndSending(SocketHandle socket)
    {
        using var inline = InlineContinuations.Begin();
        _endsSending = true;
        try
        {
            if (IsOpen)
            {
                Task notice = _stream.ShutdownAsync();
                Invariant.Holds(notice.IsCompleted);
            }
        }
        catch (Exception exception) when (exception is not InvariantViolationException)
        {
            // The stream has failed before: it can encrypt nothing more, and the peer will see a truncated stream.
        }

        _ = Flush(socket);
    }

    public void Release()
    {
        using var inline = InlineContinuations.Begin();

        // A stream that is disposed while it reads keeps the memory that it has rented.
        _wire.End();
        _ = _handshake?.Exception;
        _stream.Dispose();
        _wire.Release();
    }

    private static bool IsPeersFault(Exception exception) =>
        (exception is IOException or AuthenticationException or CryptographicException or System.ComponentModel.Win32Exception)
        && exception.InnerException is not (InvariantViolationException or OutOfMemoryException);

    /// <summary>Decrypts until there are plain bytes to read.</summary>
    /// <returns>Ok if there are, or at the end of the stream; otherwise WouldBlock or the failure.</returns>
    private SocketStatus Look()
    {
        if (FailureText is not null)
        {
            return SocketStatus.ProtocolError;
        }

        if (WireFailure() is not SocketStatus.Ok and var failure)
        {
            return failure;
        }

        try
        {
            if (_isLooking)
            {
                _wire.Resume();
            }
            else if (!HoldsInput)
            {
                _look = _stream.ReadAsync(Memory<byte>.Empty);
                _isLooking = true;
            }
            else
            {
                return SocketStatus.Ok;
            }

            if (!_look.IsCompleted)
            {
                return SocketStatus.WouldBlock;
            }

            _isLooking = false;
            _ = _look.GetAwaiter().GetResult();
            return WireFailure();
        }
        catch (Exception exception) when (IsPeersFault(exception))
        {
            _isLooking = false;
            if (_wire is { Failure: SocketStatus.Ok, HasEnded: true })
            {
                IsTruncated = true; // Inside a record.
                _hasEnded = true;
                return SocketStatus.Ok;
            }

            return Fail(exception);
        }
    }

    /// <summary>Reads the available plain bytes; none at the end of the stream.</summary>
    private unsafe SocketStatus Read(Span<byte> room, out int count)
    {
        fixed (byte* start = room)
        {
            try
            {
                ValueTask<int> read = _stream.ReadAsync(_borrowed.Lend(start, room.Length));
                Invariant.Holds(read.IsCompleted);
                count = read.GetAwaiter().GetResult();
                return SocketStatus.Ok;
            }
            catch (Exception exception) when (IsPeersFault(exception))
            {
                count = 0;
                return Fail(exception);
            }
            finally
            {
                _borrowed.TakeBack();
            }
        }
    }

    private SocketResult OnEnded()
    {
        _hasEnded = true;
        IsTruncated = _wire.HasEnded; // The end of the socket's stream came before the peer's close_notify.
        return new SocketResult(WireFailure(), 0);
    }

    private unsafe SocketStatus Write(ReadOnlySpan<byte> record)
    {
        fixed (byte* start = record)
        {
            try
            {
                ValueTask write = _stream.WriteAsync(_borrowed.Lend(start, record.Length));
                Invariant.Holds(write.IsCompleted);
                write.GetAwaiter().GetResult();
                return WireFailure();
            }
            catch (Exception exception) when (IsPeersFault(exception))
            {
                return Fail(exception);
            }
            finally
            {
                _borrowed.TakeBack();
            }
        }
    }

    /// <summary>The status of the wire; Ok if it has not failed.</summary>
    private SocketStatus WireFailure() =>
        _wire.Failure == SocketStatus.ProtocolError ? Fail("TLS failed: a record is longer than allowed") : _wire.Failure;

    /// <summary>Fails with the status of the wire if it has failed, which is then the cause; otherwise with what the stream says.</summary>
    private SocketStatus Fail(Exception exception) => _wire.Failure != SocketStatus.Ok ? WireFailure() : Fail(TlsText.Describe(exception));

    private SocketStatus Fail(string text)
    {
        FailureText = text;
        return SocketStatus.ProtocolError;
    }

    private TlsPeer DescribePeer() => new(
        _stream.SslProtocol == SslProtocols.Tls13 ? "TLS 1.3" : "TLS 1.2",
        _stream.NegotiatedCipherSuite.ToString(),
        _stream.TargetHostName,
        _stream.NegotiatedApplicationProtocol.ToString(),
        _stream.RemoteCertificate as X509Certificate2);
}
