using NetLoop.Stack;

namespace NetLoop.Worlds;

/// <summary>
/// One socket of an adversary with its script: the bytes to send, their speed, whether it reads, and when the server must have ended the connection.
/// </summary>
internal sealed class AttackConnection(ServerNode server, SimulatedHost host, AttackKind kind, SocketHandle socket, AttackScript script)
{
    private readonly byte[] _scratch = new byte[4096];
    private int _sent;
    private long _nextByte;
    private bool _isConnected;
    private long _acceptedAt = -1;
    private long _deadlineBegan = -1;

    public AttackKind Kind => kind;

    /// <summary>Whether its socket is closed.</summary>
    public bool IsOver { get; private set; }

    /// <remarks>Bytes that the server has not read yet do not count: on a loop that attackers keep busy, they may wait for seconds in the kernel or for room
    /// in the inbox.</remarks>
    public bool IsOverdue(long time) => _deadlineBegan >= 0 && script.Deadline > 0 && time - _deadlineBegan > script.Deadline;

    /// <summary>Takes the steps of the script that are possible now.</summary>
    public void Step(long time)
    {
        if (!_isConnected && !FinishConnect())
        {
            return;
        }

        if (_deadlineBegan < 0)
        {
            LookAtServer(time);
        }

        if (script.Then == AttackEnd.Reset)
        {
            Close(reset: true);
            return;
        }

        Send(time);
        if (!IsOver && script.Reads)
        {
            Read();
        }

        if (!IsOver && host.Find(socket) is { State: SocketState.Broken })
        {
            Close(reset: false);
        }
    }

    public void Close(bool reset)
    {
        if (!IsOver)
        {
            IsOver = true;
            host.Stack.Close(socket, reset);
        }
    }

    /// <summary>The machine is gone; no close is sent.</summary>
    public void Vanish() => IsOver = true;

    private void LookAtServer(long time)
    {
        if (host.Find(socket)?.Peer is not { Handle: >= 0 } peer)
        {
            return;
        }

        _acceptedAt = _acceptedAt < 0 ? time : _acceptedAt;
        _deadlineBegan = server.CountTaken(peer) >= script.DeadlineFrom ? time : -1;
    }

    private bool FinishConnect()
    {
        SocketStatus status = host.Stack.FinishConnect(socket);
        if (status == SocketStatus.Ok)
        {
            _isConnected = true;
            return true;
        }

        if (status is not (SocketStatus.InProgress or SocketStatus.Interrupted))
        {
            Close(reset: false);
        }

        return false;
    }

    private void Send(long time)
    {
        byte[] bytes = script.Bytes;
        if (_sent == bytes.Length && script.Repeats)
        {
            _sent = script.RepeatFrom;
        }

        int count = bytes.Length - _sent;
        if (_sent >= script.SlowFrom)
        {
            // Wait for the accept: before it, the kernel would collect the slow bytes and hand them over at once.
            if (_acceptedAt < 0 || time < _nextByte)
            {
                return;
            }

            _nextByte = time + script.BytePause;
            count = Math.Min(count, 1);
        }
        else
        {
            count = Math.Min(count, script.SlowFrom - _sent);
        }

        if (count > 0)
        {
            TrySend(bytes.AsSpan(_sent, count));
        }

        if (!IsOver && _sent == bytes.Length && script.Then == AttackEnd.HalfClose)
        {
            host.Stack.ShutdownSend(socket);
        }
        else if (!IsOver && _sent == bytes.Length && script.Then == AttackEnd.Close)
        {
            Close(reset: false);
        }
    }

    private unsafe void TrySend(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            SocketResult result = host.Stack.Send(socket, [new SendSegment(new ReadOnlySpan<byte>(start, bytes.Length))]);
            if (result.Status == SocketStatus.Ok)
            {
                _sent += result.Count;
            }
            else if (result.Status.Classify() is not FailureClass.Transient)
            {
                Close(reset: false);
            }
        }
    }

    private void Read()
    {
        // A few reads at a time: an adversary that asks for the time reads all responses.
        for (int i = 0; i < 16 && !IsOver; i++)
        {
            SocketResult result = host.Stack.Receive(socket, _scratch);
            if (result.Status == SocketStatus.Ok && result.Count > 0)
            {
                continue;
            }

            if (result.Status == SocketStatus.Ok || result.Status.Classify() is not FailureClass.Transient)
            {
                Close(reset: false);
            }

            return;
        }
    }
}
