using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace NetLoop.Tests.Transports.WebSockets.Conformance;

/// <summary>Runs one case over a raw socket and judges the result. It has its own framing code, which shares nothing with the engine's.</summary>
internal sealed class CaseRun : IDisposable
{
    private readonly ConformanceCase _case;
    private readonly EchoPeer _peer;
    private readonly Socket _socket;
    private readonly bool _isClient;
    private readonly byte[]? _key;
    private readonly long _receivedBefore;
    private readonly List<ReceivedFrame> _events = [];
    private byte[] _buffer = new byte[256 << 10];
    private int _start;
    private int _end;
    private long _sent;
    private int _phase;
    private int _stoodAtWaits;
    private bool _isEnded;
    private ReceivedFrame? _close;
    private bool _closedFirst;

    /// <param name="conformanceCase">The actions and the expected result.</param>
    /// <param name="peer">The peer that is tested.</param>
    /// <param name="isClient">Whether this side of the case is the client, which masks.</param>
    public CaseRun(ConformanceCase conformanceCase, EchoPeer peer, bool isClient)
    {
        _case = conformanceCase;
        _peer = peer;
        _isClient = isClient;
        _key = isClient ? [0x12, 0xAB, 0x5C, 0xF0] : null;
        _socket = peer.Connect();
        _receivedBefore = peer.ReceivedBytes;
    }

    public string Result { get; private set; } = "";

    public Verdict Run()
    {
        for (int round = 0; round < _case.Rounds && !_isEnded; round++)
        {
            _events.Clear();
            SendSteps();
            while (!_isEnded && _close is null && (_case.PeerFails || _case.StepsClose || _events.Count < _case.Expected.Count))
            {
                ReadOne();
            }

            if (_events.Count < _case.Expected.Count)
            {
                break;
            }
        }

        if (!_case.PeerFails && !_case.StepsClose && _close is null)
        {
            // If no response is expected, give the peer the time to respond.
            AwaitPeer();
            Send([Step.Frame(8, [0x03, 0xE8])]);
            _closedFirst = true;
        }

        while (!_isEnded && _close is null)
        {
            ReadOne();
        }

        if (_close is not null && _case.PeerFails)
        {
            TrySend(Step.Frame(8, _close.Payload.Length >= 2 ? _close.Payload[..2] : []).ToBytes(_key, ref _phase));
        }

        FinishStream();
        return Judge();
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>The server ends the stream first; a client that has finished waits for that.</summary>
    private void FinishStream()
    {
        if (!_isClient)
        {
            try
            {
                _socket.Shutdown(SocketShutdown.Send);
            }
            catch (SocketException)
            {
                // The peer ended the connection.
            }
        }

        while (!_isEnded)
        {
            ReadOne();
        }
    }

    private void SendSteps()
    {
        List<Step> together = [];
        foreach (Step step in _case.Steps)
        {
            if (step.IsWait || step.Chop > 0)
            {
                Send(together);
                together.Clear();
            }

            if (step.IsWait)
            {
                AwaitPeer();
            }
            else if (step.Chop > 0)
            {
                byte[] bytes = step.ToBytes(_key, ref _phase);
                for (int i = 0; i < bytes.Length; i += step.Chop)
                {
                    TrySend(bytes.AsSpan(i, Math.Min(step.Chop, bytes.Length - i)));
                }
            }
            else
            {
                together.Add(step);
            }
        }

        Send(together);
    }

    private void Send(List<Step> steps)
    {
        if (steps.Count == 1)
        {
            TrySend(steps[0].ToBytes(_key, ref _phase));
        }
        else if (steps.Count > 0)
        {
            var bytes = new List<byte>();
            foreach (Step step in steps)
            {
                bytes.AddRange(step.ToBytes(_key, ref _phase));
            }

            TrySend([.. bytes]);
        }
    }

    private void TrySend(ReadOnlySpan<byte> bytes)
    {
        try
        {
            while (!bytes.IsEmpty)
            {
                int sent = _socket.Send(bytes);
                _sent += sent;
                bytes = bytes[sent..];
            }
        }
        catch (SocketException)
        {
            // The peer has closed the connection; what it sent before can still be read.
        }
    }

    /// <summary>Waits until the peer has read everything that was sent and could respond; it may have failed the connection by then.</summary>
    private void AwaitPeer()
    {
        while (_peer.ReceivedBytes - _receivedBefore < _sent && !_socket.Poll(0, SelectMode.SelectRead))
        {
            Thread.Yield();
        }

        _peer.LetTurnEnd();
        if (!_socket.Poll(0, SelectMode.SelectRead))
        {
            _stoodAtWaits++;
        }
    }

    private void ReadOne()
    {
        (int first, byte[] payload)? frame = ReadFrame();
        if (frame is not { } read)
        {
            _isEnded = true;
            return;
        }

        int opcode = read.first & 0xF;
        if (_close is not null || (read.first & 0xF0) != 0x80)
        {
            _events.Add(new ReceivedFrame(-1, [])); // A frame after the close frame, or one that an echo cannot have: never expected.
        }
        else if (opcode == 8)
        {
            _close = new ReceivedFrame(8, read.payload);
        }
        else
        {
            _events.Add(new ReceivedFrame(opcode, read.payload));
        }
    }

    private (int First, byte[] Payload)? ReadFrame()
    {
        if (!Has(2))
        {
            return null;
        }

        int first = _buffer[_start];
        int second = _buffer[_start + 1];
        int length = second & 0x7F;
        int header = 2;
        if (length == 126)
        {
            header = 4;
        }
        else if (length == 127)
        {
            header = 10;
        }

        bool isMasked = (second & 0x80) != 0;
        int keyAt = header;
        header += isMasked ? 4 : 0;
        if (isMasked == _isClient || !Has(header))
        {
            return null; // Masked by a server, or not by a client.
        }

        length = length switch
        {
            126 => BinaryPrimitives.ReadUInt16BigEndian(_buffer.AsSpan(_start + 2)),
            127 => (int)BinaryPrimitives.ReadInt64BigEndian(_buffer.AsSpan(_start + 2)),
            _ => length,
        };
        if (!Has(header + length))
        {
            return null;
        }

        byte[] payload = _buffer.AsSpan(_start + header, length).ToArray();
        for (int i = 0; isMasked && i < payload.Length; i++)
        {
            payload[i] ^= _buffer[_start + keyAt + (i & 3)];
        }

        _start += header + length;
        return (first, payload);
    }

    private bool Has(int count)
    {
        if (_buffer.Length - _start < count)
        {
            byte[] larger = new byte[Math.Max(_buffer.Length, 2 * count)];
            _buffer.AsSpan(_start, _end - _start).CopyTo(larger);
            _buffer = larger;
            _end -= _start;
            _start = 0;
        }

        while (_end - _start < count)
        {
            int received;
            try
            {
                received = _socket.Receive(_buffer.AsSpan(_end));
            }
            catch (SocketException reset) when (reset.SocketErrorCode is SocketError.ConnectionReset)
            {
                return false;
            }

            if (received == 0)
            {
                return false;
            }

            _end += received;
        }

        return true;
    }

    private Verdict Judge()
    {
        bool isExpected = _events.SequenceEqual(_case.Expected);
        bool isStrict = isExpected && (_case.StandsAtWaits is null || _stoodAtWaits == _case.StandsAtWaits);
        bool isNonStrict = _case.StandsAtWaits is not null
            ? isExpected && _stoodAtWaits == _case.StandsAtWaits + 1
            : _case.ExpectedNonStrict is not null && _events.SequenceEqual(_case.ExpectedNonStrict);
        int? code = _close is { Payload.Length: >= 2 } ? BinaryPrimitives.ReadUInt16BigEndian(_close.Payload) : null;
        string text = _close is { Payload.Length: > 2 } ? Encoding.UTF8.GetString(_close.Payload.AsSpan(2)) : "";
        Result =
            $"received {string.Join("; ", _events)}; close "
                + $"{(_close is null ? "missing" : code?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "without a code")} {text}";
        if (_case.IsInformational)
        {
            return Verdict.Informational;
        }

        bool isClosedWell = _close is null ? !_case.RequiresCleanClose && !_closedFirst : code is null || _case.CloseCodes.Contains(code.Value);
        if (!isClosedWell || !(isStrict || isNonStrict))
        {
            return Verdict.Failed;
        }

        return isStrict ? Verdict.Ok : Verdict.NonStrict;
    }
}
