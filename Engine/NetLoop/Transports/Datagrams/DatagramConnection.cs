using NetLoop.Diagnostics;
using NetLoop.Framing;
using NetLoop.Sending;
using NetLoop.Time;
using NetLoop.Transports.Datagrams.Netcode;
using NetLoop.Transports.Datagrams.Reliability;

namespace NetLoop.Transports.Datagrams;

/// <summary>A connection over datagrams: a link that makes them reliable, and a netcode peer that encrypts them. Many share one socket on a server.</summary>
internal sealed class DatagramConnection : Connection, ITimerTarget, ILinkSink
{
    /// <summary>Packets that one flush sends, so that no connection holds up the others.</summary>
    private const int MaxPacketsPerFlush = 32;

    private const long Never = long.MaxValue;

    /// <summary>A peer that sends nothing for this long is not reading slowly, but gone: keep-alives come four times a second. Nanoseconds.</summary>
    private const long SilenceOfASlowPeer = 2_000_000_000;

    /// <summary>Silence that a client takes for a sign that its path is broken: three keep-alives did not arrive.</summary>
    private const long SilenceOfABrokenPath = 800_000_000;

    /// <summary>Time between two calls of the handler of silence.</summary>
    private const long SilenceInterval = 5_000_000_000;

    private readonly UdpSocket _socket;
    private readonly DatagramLoop _loop;
    private readonly DatagramLimits _limits;
    private readonly ReliableLink _link;
    private NetcodePeer _peer;
    private NetcodeClient? _client;
    private LatestBodies? _latest;
    private bool _isAdmitted;
    private bool _isPeerGone;
    private long _dialDue = Never;
    private ConnectionEnd? _failedDial;
    private long _closeDue = Never;
    private long _goneDue = Never;
    private long _timerDue = Never;
    private long _nextSilence;
    private long _acknowledged;
    private long _progressAt;
    private int _countedBytes;
    private long _countedLost;
    private long _countedAgain;
    private byte[]? _lastBody;

    public DatagramConnection(UdpSocket socket, DatagramLoop loop, DatagramLimits limits, NetcodePeer peer, NetcodeClient? client = null)
        : base(loop.Set)
    {
        _socket = socket;
        _loop = loop;
        _limits = limits;
        _link = new ReliableLink(loop.Set.Pool, limits.Link);
        _peer = peer;
        _client = client;
        _isAdmitted = !limits.AdmitsLater;
    }

    /// <summary>The other side's keys and times.</summary>
    public NetcodePeer Peer => _peer;

    /// <summary>The client's side of the handshake; null on a server.</summary>
    public NetcodeClient? Client => _client;

    /// <summary>Called on a client whose connection is open when nothing has arrived for a while, and again every five seconds. Null for no call.</summary>
    public Action? OnSilence { get; set; }

    /// <summary>Whether nothing has arrived for a while.</summary>
    public bool IsSilent => Now - _peer.LastReceived >= SilenceOfABrokenPath;

    /// <summary>Its link, for statistics.</summary>
    public ReliableLink Link => _link;

    /// <inheritdoc/>
    public override bool IsSendBlocked => _link.IsBehind;

    /// <inheritdoc/>
    public override int MaxBodyBytes => _limits.Link.MaxBodyBytes;

    /// <inheritdoc/>
    public override int QueuedBodies => _link.QueuedBodies;

    /// <inheritdoc/>
    public override int QueuedBytes => _link.QueuedBytes;

    /// <inheritdoc/>
    public override int HeldBytes => _link.HeldBytes;

    /// <inheritdoc/>
    public override int HeldBlockBytes => _link.HeldBytes;

    /// <inheritdoc/>
    public override int LatestBytes => _latest?.Bytes ?? 0;

    /// <inheritdoc/>
    public override ConnectTokenClaims? ConnectToken => _client is null ? new ConnectTokenClaims(_peer.ClientId, _peer.UserData) : null;

    /// <inheritdoc/>
    public override LinkStatistics? LinkStatistics
    {
        get
        {
            ref readonly LinkCounters link = ref _link.Statistics;
            return new LinkStatistics(
                link.PacketsSent,
                link.PacketsReceived,
                link.PacketsLost,
                link.SegmentsSentAgain,
                TimeSpan.FromTicks(_link.SmoothedRoundTrip / 100),
                TimeSpan.FromTicks(_link.RoundTripVariation / 100),
                _link.InFlight,
                _link.Window);
        }
    }

    private long Now => Set.Clock.PeerTime;

    private long SilenceDue =>
        OnSilence is null || _isPeerGone || State != ConnectionState.Open ? Never : Math.Max(_peer.LastReceived + SilenceOfABrokenPath, _nextSilence);

    /// <summary>When the connection is over, unless the peer sends something or, once it is gone, the application takes what it has sent.</summary>
    private long PeerDue => _isPeerGone ? _goneDue : _peer.TimeoutDue;

    private bool IsActive => State is ConnectionState.Open or ConnectionState.Replying or ConnectionState.Draining;

    /// <summary>Begins on a server, where the client is connected.</summary>
    public void Open(IConnectionOwner owner)
    {
        Start(owner);
        State = ConnectionState.Open;
        Reschedule();
    }

    /// <summary>Begins on a client, which connects now.</summary>
    public void Dial(IConnectionOwner owner)
    {
        Start(owner);
        State = ConnectionState.Connecting;
        BeginDial();
    }

    /// <summary>Begins again with another server.</summary>
    public void Redial(NetcodeClient client)
    {
        _client = client;
        _peer = client.Peer;
        BeginDial();
    }

    /// <summary>Handles the payload of an authentic packet.</summary>
    public void OnPacket(ReadOnlySpan<byte> payload)
    {
        if (!IsActive)
        {
            return;
        }

        switch (_link.OnPacket(payload, Now, this))
        {
            case PacketResult.Malformed:
                Owner?.OnBadInput(CloseReason.Malformed, "A packet violates the protocol.");
                break;

            case PacketResult.TooLarge:
                Owner?.OnBadInput(CloseReason.FrameTooLarge, $"A body is longer than {MaxBodyBytes} bytes.");
                break;
        }

        MarkDirty(); // For the acknowledgement, and for what the acknowledgements of this packet allow to send.
    }

    /// <summary>The handshake of a client has got further.</summary>
    public void OnClientState()
    {
        if (State != ConnectionState.Connecting)
        {
            return;
        }

        switch (_client!.State)
        {
            case NetcodeClientState.Connected:
                State = ConnectionState.Open;
                _dialDue = Never;
                Owner!.OnConnected();
                MarkDirty();
                break;

            case NetcodeClientState.Denied:
                FailDial(new ConnectionEnd(CloseReason.ServerFull, Detail: "The server has no room for another client."));
                break;

            default:
                MarkDirty();
                break;
        }
    }

    /// <summary>The kernel has room again for what waits.</summary>
    public void OnWritable() => MarkDirty();

    /// <summary>The other side's port is closed.</summary>
    public void OnRefused()
    {
        if (State == ConnectionState.Connecting)
        {
            FailDial(new ConnectionEnd(CloseReason.TransportError, SocketStatus.ConnectionRefused));
        }
    }

    /// <summary>Ends the connection of a client that has found another way to its server.</summary>
    public void GiveUpPath() => Die(CloseReason.TransportError, SocketStatus.TimedOut, "Nothing arrives over UDP any more, but the server gives new tokens.");

    /// <summary>The other side has ended the connection.</summary>
    public void OnPeerDisconnected(bool isReplaced)
    {
        _isPeerGone = true;
        _goneDue = Now + Math.Min(_limits.MaxStall, Never / 2);
        switch (State)
        {
            case ConnectionState.Open when isReplaced:
                Die(CloseReason.Replaced, detail: "The client has connected again.");
                break;

            case ConnectionState.Open:
                EndInputOfGonePeer();
                break;

            case ConnectionState.Connecting:
                FailDial(new ConnectionEnd(CloseReason.Disconnected, Detail: "The server disconnected before the connection was complete."));
                break;

            case ConnectionState.Draining:
                Die(CloseReason.Normal);
                break;
        }
    }

    /// <inheritdoc/>
    public override void OnReady(Readiness readiness) => Invariant.Fail("a datagram connection has no socket of its own");

    /// <inheritdoc/>
    public override void Admit()
    {
        if (!_isAdmitted)
        {
            _isAdmitted = true;
            _link.Resume(this);
            EndInputOfGonePeer();
            MarkDirty();
        }
    }

    /// <inheritdoc/>
    public override bool TryReadWaiting()
    {
        _socket.Receive();
        return true;
    }

    /// <inheritdoc/>
    public override Span<byte> BeginBody(int maxBytes, out IBodyBuffer buffer)
    {
        buffer = _loop.Body;
        return _loop.Body.Begin(Math.Min(maxBytes, MaxBodyBytes));
    }

    /// <inheritdoc/>
    public override void CommitBody(int bodyBytes, SendMode mode = default)
    {
        if (!TryAppend(_loop.Body.Written(bodyBytes), mode))
        {
            Die(CloseReason.Evicted, SocketStatus.NoBuffers);
        }
    }

    /// <inheritdoc/>
    public override void CancelBody()
    {
    }

    /// <inheritdoc/>
    public override bool TryAppend(ReadOnlySpan<byte> body, SendMode mode = default)
    {
        if (mode.IsLast && !_link.IsIdleExcept(channel: 0))
        {
            // The last body must not overtake bodies of other channels, because nothing after it is read.
            _lastBody = body.ToArray();
            return true;
        }

        while (!_link.TryQueue(mode.Delivery, mode.Channel, body))
        {
            if (!TryMakeMemory())
            {
                return false;
            }
        }

        Set.Counters.BodiesOut++;
        MarkDirty();
        return true;
    }

    /// <inheritdoc/>
    public override bool TryHoldLatest(ReadOnlySpan<byte> body, SendMode mode) =>
        mode.Delivery == Delivery.Sequenced && (_latest ??= new LatestBodies(Set.Pool)).TryHold(body, mode);

    /// <inheritdoc/>
    public override bool IsFull() => _link.QueuedBytes >= _limits.MaxSendQueueBytes || _link.QueuedBodies >= _limits.MaxSendQueueBodies;

    /// <inheritdoc/>
    public override long SlowPeerDeadline(long now)
    {
        if (_link.IsIdle)
        {
            return NoDeadline;
        }

        // A peer that is silent is not slow: it times out, or is heard again. Until then, a deadline in the past would be due again and again.
        long due = Math.Max(_progressAt, 0) + _limits.MaxStall;
        return due > now || now - _peer.LastReceived < SilenceOfASlowPeer ? due : now + SilenceOfASlowPeer;
    }

    /// <inheritdoc/>
    public override bool IsTooSlow(long now)
    {
        NoteProgress(now);

        // A peer that is silent is not slow: it times out.
        return !_link.IsIdle && now - _progressAt >= _limits.MaxStall && now - _peer.LastReceived < SilenceOfASlowPeer;
    }

    /// <inheritdoc/>
    public override void Flush()
    {
        ClearDirty();
        if (_failedDial is { } end)
        {
            _failedDial = null;
            if (State == ConnectionState.Connecting && !_socket.TryNextServer(this))
            {
                Die(end.Reason, end.Failure, end.Detail);
            }
        }

        if (State == ConnectionState.Connecting)
        {
            SendHandshake();
        }
        else if (IsActive && !_isPeerGone)
        {
            SendPackets();
        }

        if (State == ConnectionState.Draining && (_isPeerGone || (_link.IsIdle && _lastBody is null)))
        {
            EndBothSides(CloseReason.Normal);
        }

        if (!IsDead)
        {
            CountQueued();
            Reschedule();
        }
    }

    /// <inheritdoc/>
    public override void ResumeReading()
    {
        IsReadPaused = false;
        if (State == ConnectionState.Open)
        {
            _link.Resume(this);
            EndInputOfGonePeer();
            MarkDirty();
        }
    }

    /// <inheritdoc/>
    public override void UpdateInterest()
    {
    }

    /// <inheritdoc/>
    public override void EndInput()
    {
        if (State == ConnectionState.Open)
        {
            State = ConnectionState.Replying;
            IsReadPaused = false;
            _link.Resume(this);
        }
    }

    /// <inheritdoc/>
    public override void CloseGracefully(CloseReason reason = CloseReason.Normal, string text = "")
    {
        if (State == ConnectionState.Connecting)
        {
            Abort(CloseReason.Normal);
        }
        else if (State <= ConnectionState.Replying)
        {
            State = ConnectionState.Draining;
            IsReadPaused = false;
            _latest?.Clear();
            _link.Resume(this);
            _closeDue = Now + _limits.CloseTimeout;
            MarkDirty();
        }
    }

    /// <inheritdoc/>
    public override void Abort(CloseReason reason) => EndBothSides(reason);

    /// <inheritdoc/>
    public override bool TryRelieve()
    {
        int before = QueuedBytes;
        Flush();
        return !IsDead && QueuedBytes < before;
    }

    /// <inheritdoc/>
    public override void EvictForMemory()
    {
        bool isSlow = QueuedBytes >= HeldBytes;
        _socket.Disconnect(this);
        Die(isSlow ? CloseReason.SlowConsumer : CloseReason.Evicted, isSlow ? SocketStatus.Ok : SocketStatus.NoBuffers);
        _link.Clear();
        _latest?.Clear();
    }

    /// <inheritdoc/>
    public override bool TryPark() => false;

    /// <inheritdoc/>
    public override void EndIfUnwatched()
    {
    }

    /// <inheritdoc/>
    public override void Destroy()
    {
        Invariant.Holds(IsDead);
        Set.Timers.Cancel(Deadline);
        _link.Clear();
        _latest?.Clear();
        CountLost();
        Set.Counters.QueuedBytes -= _countedBytes;
        Set.Counters.ConnectionsClosed++;
        Set.Remove(this);
        ForgetOwner();
        _socket.Forget(this);
    }

    void ITimerTarget.OnTimer()
    {
        _timerDue = Never;
        long now = Now;
        if (IsDead)
        {
            return;
        }

        if (now >= PeerDue || now >= _dialDue || now >= SilenceDue)
        {
            _socket.Receive(); // A busy loop may not have read yet what the other side sent in time.
            if (IsDead)
            {
                return;
            }

            if (State == ConnectionState.Connecting && (now >= PeerDue || now >= _dialDue))
            {
                FailDial(new ConnectionEnd(CloseReason.TransportError, SocketStatus.TimedOut, _socket.ExplainSilence()));
                return;
            }

            if (now >= PeerDue)
            {
                Die(CloseReason.TransportError, SocketStatus.TimedOut);
                return;
            }

            if (now >= SilenceDue)
            {
                _nextSilence = now + SilenceInterval;
                OnSilence!();
            }
        }

        if (now >= _closeDue)
        {
            EndBothSides(CloseReason.TransportError);
            return;
        }

        if (IsActive && !_isPeerGone && now >= _peer.KeepAliveDue)
        {
            _socket.SendKeepAlive(this);
        }

        MarkDirty();
    }

    bool ILinkSink.OnBody(ReadOnlySpan<byte> body, int channel, Delivery delivery)
    {
        if (State != ConnectionState.Open || Owner is null)
        {
            return true; // Discarded.
        }

        if (!_isAdmitted && (channel != 0 || delivery != Delivery.ReliableOrdered))
        {
            return false; // It has overtaken the handshake.
        }

        if (IsReadPaused)
        {
            return false;
        }

        var bodies = new BodyBatch(body);
        if (!Owner.OnBodies(ref bodies))
        {
            PauseReading();
            return false;
        }

        Set.Counters.BodiesIn++;
        return true;
    }

    /// <summary>Ends the input of a peer that is gone, once the application has taken what had arrived before.</summary>
    private void EndInputOfGonePeer()
    {
        if (_isPeerGone && State == ConnectionState.Open && !_link.IsBlocked)
        {
            Owner!.OnEndOfInput(CloseReason.Disconnected, "The other side disconnected.");
        }
    }

    private void Start(IConnectionOwner owner)
    {
        Begin(owner);
        _progressAt = Now;
        Set.Counters.ConnectionsOpened++;
        Set.Add(this);
    }

    private void BeginDial()
    {
        _isPeerGone = false;
        _dialDue = Now + (_limits.DialTimeout / _socket.ServerCount);
        MarkDirty();
    }

    /// <summary>This server does not let the client in; the next flush tries another. Not now, because packets of this one may still be in the batch.</summary>
    private void FailDial(in ConnectionEnd end)
    {
        _failedDial ??= end;
        MarkDirty();
    }

    private void SendHandshake()
    {
        ReadOnlySpan<byte> packet = _client!.WriteDue(Now);
        Span<byte> memory = packet.IsEmpty ? default : _socket.BeginDatagram();
        if (!memory.IsEmpty)
        {
            packet.CopyTo(memory);
            _socket.CommitDatagram(0, packet.Length, default);
        }
    }

    private void SendPackets()
    {
        long now = Now;
        if (_lastBody is { } last && _link.IsIdleExcept(channel: 0))
        {
            _lastBody = null;
            _ = TryAppend(last);
            ClearDirty();
        }

        if (_latest is { Count: > 0 } && CanSend && !_link.IsBehind)
        {
            _latest.MoveTo(this);
        }

        for (int i = 0; i < MaxPacketsPerFlush; i++)
        {
            Span<byte> memory = _socket.BeginDatagram();
            if (memory.IsEmpty)
            {
                return;
            }

            int length = _link.WritePacket(memory[NetcodePacket.MaxHeaderBytes..^NetcodePacket.MacBytes], now);
            if (length == 0)
            {
                return;
            }

            length = _peer.SealPayload(memory, length, now, out int start);
            _socket.CommitDatagram(start, length, _client is null ? _peer.Address : default);
        }

        MarkDirty();
    }

    private void EndBothSides(CloseReason reason)
    {
        if (!IsDead)
        {
            _socket.Disconnect(this);
            Die(reason);
        }
    }

    private void NoteProgress(long now)
    {
        if (_link.AcknowledgedPackets != _acknowledged || _link.IsIdle)
        {
            _acknowledged = _link.AcknowledgedPackets;
            _progressAt = now;
        }
    }

    private void CountLost()
    {
        ref readonly LinkCounters link = ref _link.Statistics;
        Set.Counters.Datagrams.PacketsLost += link.PacketsLost - _countedLost;
        Set.Counters.Datagrams.SegmentsSentAgain += link.SegmentsSentAgain - _countedAgain;
        _countedLost = link.PacketsLost;
        _countedAgain = link.SegmentsSentAgain;
    }

    private void CountQueued()
    {
        CountLost();
        NoteProgress(Now);
        int bytes = _link.QueuedBytes;
        Set.Counters.QueuedBytes += bytes - _countedBytes;
        _countedBytes = bytes;
    }

    private void Reschedule()
    {
        long now = Now;
        long due = Math.Min(Math.Min(PeerDue, _closeDue), _dialDue);
        if (State == ConnectionState.Connecting)
        {
            due = Math.Min(due, _client!.NextDue);
        }
        else if (!_isPeerGone)
        {
            due = Math.Min(Math.Min(due, SilenceDue), Math.Min(_peer.KeepAliveDue, _socket.IsBlocked ? Never : _link.NextDue(now)));
        }

        // A timer that fires early only computes the next time, which is cheaper than moving it with each packet.
        if (due >= _timerDue)
        {
            return;
        }

        _timerDue = due;
        if (!Set.Timers.Reschedule(Deadline, due))
        {
            Deadline = Set.Timers.Schedule(due, this);
        }
    }
}
