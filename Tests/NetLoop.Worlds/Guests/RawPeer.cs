using NetLoop.Stack;

namespace NetLoop.Worlds.Guests;

/// <summary>One socket without an engine: sends bytes in pieces that may be cut anywhere, and keeps the bytes that it receives.</summary>
/// <remarks>Works only while its guest waits for it.</remarks>
internal sealed class RawPeer
{
    private const int MostPieces = 4;

    private readonly SimulatedHost _host;
    private readonly SeededRandom _random;
    private readonly TimeProvider _clock;
    private readonly SocketHandle _socket;
    private readonly List<byte> _received = [];
    private readonly byte[] _scratch = new byte[2048];
    private readonly List<byte> _unsent = [];
    private bool _isConnected;
    private bool _endsAfterAll;

    public RawPeer(GuestHosts hosts, SeededRandom random, NetEndpoint target)
    {
        _host = hosts.Raw;
        _clock = hosts.Clients.Host.Clock;
        _random = random;
        SocketStatus status = _host.Stack.Connect(target, out _socket);
        IsOver = status is not (SocketStatus.Ok or SocketStatus.InProgress);
        _host.TakeBusy();
    }

    /// <summary>Whether the server or this side has ended the connection.</summary>
    public bool IsOver { get; private set; }

    /// <summary>How it ended; Ok for the end of the stream.</summary>
    public SocketStatus End { get; private set; }

    /// <summary>All bytes received so far that have not been taken.</summary>
    public ReadOnlySpan<byte> Received => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_received);

    /// <summary>Queues bytes for sending.</summary>
    public void Send(ReadOnlySpan<byte> bytes) => _unsent.AddRange(bytes);

    /// <summary>Ends its stream after all queued bytes.</summary>
    public void EndStream() => _endsAfterAll = true;

    /// <summary>Takes bytes from the front of those received.</summary>
    public void Take(int count) => _received.RemoveRange(0, count);

    /// <summary>Sends and receives until something holds or the connection is over.</summary>
    /// <returns>Whether it holds.</returns>
    public async Task<bool> UntilAsync(Func<bool> holds, double seconds = 20)
    {
        for (int i = 0; i < seconds * 500 && !IsOver && !holds(); i++)
        {
            Step();
            await Task.Delay(TimeSpan.FromMilliseconds(2), _clock).ConfigureAwait(true);
        }

        return holds();
    }

    /// <summary>Sends and receives until the server has closed.</summary>
    public Task<bool> UntilOverAsync(double seconds = 20) => UntilAsync(() => IsOver, seconds);

    /// <summary>Closes its socket, whatever has happened.</summary>
    public void Close()
    {
        if (!IsOver)
        {
            Finish(SocketStatus.Ok);
        }
    }

    private void Step()
    {
        _isConnected |= _host.Stack.FinishConnect(_socket) == SocketStatus.Ok;
        if (_isConnected)
        {
            for (int i = _random.Between(1, MostPieces); i > 0 && _unsent.Count > 0; i--)
            {
                SendSome();
            }

            if (_endsAfterAll && _unsent.Count == 0)
            {
                _endsAfterAll = false;
                _host.Stack.ShutdownSend(_socket);
            }

            Receive();
        }

        _host.TakeBusy();
    }

    private unsafe void SendSome()
    {
        // Mostly pieces of a few bytes, sometimes everything.
        Span<byte> bytes = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_unsent);
        int count = _random.Chance(0.4) ? bytes.Length : 1 + _random.Next(Math.Min(bytes.Length, 1 << _random.Between(0, 12)));
        fixed (byte* start = bytes)
        {
            SocketResult result = _host.Stack.Send(_socket, [new SendSegment(new ReadOnlySpan<byte>(start, count))]);
            if (result.Status == SocketStatus.Ok)
            {
                _unsent.RemoveRange(0, result.Count);
            }
            else if (result.Status.Classify() is not FailureClass.Transient)
            {
                _unsent.Clear(); // The server has closed; bytes that it sent before are still to be read.
            }
        }
    }

    private void Receive()
    {
        for (int i = 0; i < 16 && !IsOver; i++)
        {
            SocketResult result = _host.Stack.Receive(_socket, _scratch);
            if (result.Status == SocketStatus.Ok && result.Count > 0)
            {
                _received.AddRange(_scratch.AsSpan(0, result.Count));
            }
            else if (result.Status == SocketStatus.Ok || result.Status.Classify() is not FailureClass.Transient)
            {
                Finish(result.Status);
            }
            else
            {
                return;
            }
        }
    }

    private void Finish(SocketStatus end)
    {
        IsOver = true;
        End = end;
        _host.Stack.Close(_socket, reset: false);
        _host.TakeBusy();
    }
}
