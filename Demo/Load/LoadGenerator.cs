using System.Diagnostics;
using NetLoop.Buffers;
using NetLoop.Demo.CommandLine;
using NetLoop.Transports.Streams;
using NetLoop.Transports.Tls;

namespace NetLoop.Demo.Load;

/// <summary>
/// Sends a load and measures it: one thread on the engine's network stack, without the engine's loop, so that it needs less time than any server.
/// </summary>
/// <remarks>When messages of a connection come back, as many new ones are sent with one call.</remarks>
internal sealed class LoadGenerator : IDisposable
{
    /// <summary>Maximum number of connection attempts at a time, because a listener's backlog is limited.</summary>
    private const int MaxConnecting = 64;

    /// <summary>Maximum number of messages in flight on one connection in the open loop; a server that is further behind is overloaded.</summary>
    private const int MaxOutstanding = 256;

    private const int MaxEvents = 1024;
    private const int BufferBytes = 256 * 1024;
    private const long Millisecond = 1_000_000;

    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(30);

    private readonly LoadSettings _settings;
    private readonly LoadStream _stream;
    private readonly INetworkStack _stack = NetworkStack.CreateDefault(PollerKind.Auto);
    private readonly IPoller _poller;
    private readonly ReadyEvent[] _events = new ReadyEvent[MaxEvents];
    private readonly SendSegment[] _segments = new SendSegment[1];
    private readonly byte[] _output = GC.AllocateUninitializedArray<byte>(BufferBytes, pinned: true);
    private readonly byte[] _input = GC.AllocateUninitializedArray<byte>(BufferBytes, pinned: true);
    private readonly LoadConnection[] _connections;
    private readonly IStreamChannel _plain;
    private readonly TlsClient? _tls;
    private readonly BufferPool _pool = new();
    private readonly BorrowedMemory _borrowed = new();
    private int _connecting;
    private int _nextNew;
    private long _scheduled;
    private double _ticksPerMessage;
    private long _openLoopBegan;

    /// <summary>Creates the generator; it does not connect yet.</summary>
    public LoadGenerator(LoadSettings settings)
    {
        _settings = settings;
        _stream = settings.BlobBytes > 0 ? LoadStream.Blobs(settings.BlobBytes) : LoadStream.Moves();
        _poller = _stack.CreatePoller(PollerKind.Auto);
        _plain = new PlainChannel(_stack);
        if (settings.Remote.IsEncrypted)
        {
            _tls = new TlsClient(new TlsClientOptions { TrustedRoots = settings.Trusted }, settings.Remote.ToIPAddress().ToString(), timeout: 0);
        }

        int outstanding = settings.Rate > 0 ? MaxOutstanding : settings.InFlight;
        _connections = new LoadConnection[settings.Connections];
        for (int i = 0; i < _connections.Length; i++)
        {
            _connections[i] = new LoadConnection(new Token(i, 1), outstanding);
        }
    }

    /// <summary>The measurements.</summary>
    public LoadTotals Totals { get; } = new();

    /// <summary>Size of one message with its frame.</summary>
    public int FrameBytes => _stream.FrameBytes;

    private bool IsOpenLoop => _settings.Rate > 0;

    /// <summary>Why not all connections could be opened; null if they could.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Opens all connections, until one cannot be opened or the run ends: then <see cref="Refusal"/> says so.</summary>
    public void TryConnect(CancellationToken end)
    {
        try
        {
            Connect(end);
        }
        catch (FailureException failure)
        {
            Refusal = failure.Message;
            Totals.FirstFault ??= failure.Message;
            Totals.Lost += _connections.Length - Totals.Connected - Totals.Lost;
            foreach (LoadConnection connection in _connections)
            {
                Leave(connection);
            }
        }
    }

    private void Connect(CancellationToken end)
    {
        long began = Stopwatch.GetTimestamp();
        while (Totals.Connected + Totals.Lost < _connections.Length && !end.IsCancellationRequested)
        {
            while (_connecting < MaxConnecting && _nextNew < _connections.Length && TryBeginConnect(_connections[_nextNew]))
            {
                _nextNew++;
            }

            HandleEvents(_poller.Wait(_events, Millisecond));
            if (Stopwatch.GetElapsedTime(began) > ConnectPatience)
            {
                throw new FailureException(
                    $"only {Totals.Connected} of {_connections.Length} connections to {_settings.Remote.ToUri()} were accepted in "
                        + $"{ConnectPatience.TotalSeconds:0} s");
            }
        }

        if (Totals.Connected + Totals.Lost < _connections.Length)
        {
            throw new FailureException($"the run ended when {Totals.Connected} of {_connections.Length} connections to {_settings.Remote.ToUri()} were open");
        }
    }

    /// <summary>Runs the load for some time.</summary>
    /// <returns>The actual duration in seconds.</returns>
    public double Run(TimeSpan time, CancellationToken end)
    {
        long began = Stopwatch.GetTimestamp();
        long ends = began + Timestamps(time);
        BeginSending(began);
        long now = began;
        while (now < ends && Totals.Connected > 0 && !end.IsCancellationRequested)
        {
            long pause = IsOpenLoop ? IssueDue(now) : long.MaxValue;
            int count = _poller.Wait(_events, Math.Min(pause, 10 * Millisecond));
            HandleEvents(count);
            now = Stopwatch.GetTimestamp();
        }

        return Stopwatch.GetElapsedTime(began, now).TotalSeconds;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (LoadConnection connection in _connections)
        {
            Leave(connection);
        }

        _poller.Dispose();
    }

    private void Leave(LoadConnection connection)
    {
        if (connection.State is LoadConnectionState.Connecting or LoadConnectionState.Opening or LoadConnectionState.Connected)
        {
            // Close with a reset, so that thousands of connections do not remain in TIME_WAIT.
            _poller.Remove(connection.Socket);
            connection.Channel?.Release();
            _stack.Close(connection.Socket, reset: true);
            Totals.Connected -= connection.State == LoadConnectionState.Connected ? 1 : 0;
            connection.State = LoadConnectionState.Lost;
        }
    }

    private static long Timestamps(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);

    private static long Nanoseconds(long timestamps) => timestamps * (1_000_000_000 / Stopwatch.Frequency);

    private bool TryBeginConnect(LoadConnection connection)
    {
        SocketStatus status = _stack.Connect(_settings.Remote.ToTcp(), out SocketHandle socket);
        if (status == SocketStatus.WouldBlock)
        {
            return false; // The backlog of a Unix listener is full; try again soon.
        }

        if (status is not (SocketStatus.Ok or SocketStatus.InProgress))
        {
            throw CannotConnect(status);
        }

        connection.Socket = socket;
        connection.State = LoadConnectionState.Connecting;
        connection.Interest = Interest.Writable;
        _connecting++;
        if (_poller.Add(socket, Interest.Writable, connection.Token) != SocketStatus.Ok)
        {
            throw new FailureException("the system has no room for so many sockets");
        }

        return true;
    }

    private FailureException CannotConnect(SocketStatus status) => new(status == SocketStatus.ConnectionRefused
        ? $"nobody listens on {_settings.Remote.ToUri()}: start a server first, for example 'netloop echo --hello none'"
        : $"cannot connect to {_settings.Remote.ToUri()}: {status}");

    private void FinishConnect(LoadConnection connection)
    {
        SocketStatus status = _stack.FinishConnect(connection.Socket);
        if (status == SocketStatus.InProgress)
        {
            return;
        }

        if (status == SocketStatus.ConnectionReset)
        {
            // The server accepted the connection and closed it before the generator looked at it.
            connection.Channel = _plain;
            Opened(connection);
            Lose(connection, $"a connection failed: {status}");
            return;
        }

        if (status == SocketStatus.Ok)
        {
            status = _stack.Configure(connection.Socket, new StreamSocketOptions(NoDelay: true, KeepAlive: false, TimeSpan.Zero, 0, 0));
        }

        if (status != SocketStatus.Ok)
        {
            throw CannotConnect(status);
        }

        connection.Channel = _tls is null ? _plain : new TlsChannel(_stack, _pool, _tls, _borrowed);
        connection.State = LoadConnectionState.Opening;
        Open(connection);
    }

    /// <summary>Continues the handshake of the channel, if it has one.</summary>
    private void Open(LoadConnection connection)
    {
        IStreamChannel channel = connection.Channel!;
        SocketStatus status = channel.IsOpen ? SocketStatus.Ok : channel.Open(connection.Socket);
        if (status is not (SocketStatus.Ok or SocketStatus.WouldBlock) || (status == SocketStatus.Ok && !channel.IsOpen))
        {
            throw new FailureException($"cannot connect to {_settings.Remote.ToUri()}: {channel.FailureText ?? status.ToString()}");
        }

        if (channel.IsOpen)
        {
            Opened(connection);
        }

        Await(connection, channel.HoldsOutput ? Interest.Readable | Interest.Writable : Interest.Readable);
    }

    private void Opened(LoadConnection connection)
    {
        connection.State = LoadConnectionState.Connected;
        _connecting--;
        Totals.Connected++;
    }

    /// <summary>Sends the first messages, and in the open loop restarts the schedule now.</summary>
    private void BeginSending(long now)
    {
        if (IsOpenLoop)
        {
            _scheduled = 0;
            _openLoopBegan = now;
            _ticksPerMessage = Stopwatch.Frequency / (double)_settings.Rate;
            return;
        }

        foreach (LoadConnection connection in _connections)
        {
            if (connection.State == LoadConnectionState.Connected && connection.Issued == 0)
            {
                connection.Issue(_settings.InFlight, now);
                Send(connection);
            }
        }
    }

    /// <summary>
    /// Sends the messages that are due, each on the next connection. Their round trips are measured from the time when they were due, not from when they were
    /// sent.
    /// </summary>
    /// <returns>Nanoseconds until the next message is due.</returns>
    private long IssueDue(long now)
    {
        while (true)
        {
            long due = _openLoopBegan + (long)(_scheduled * _ticksPerMessage);
            if (due > now)
            {
                return Nanoseconds(due - now);
            }

            LoadConnection connection = _connections[_scheduled++ % _connections.Length];
            if (connection.State != LoadConnectionState.Connected)
            {
                continue;
            }

            if (connection.Outstanding == MaxOutstanding)
            {
                Totals.CountHeldBack();
                continue;
            }

            connection.Issue(1, due);
            Send(connection);
        }
    }

    private void HandleEvents(int count)
    {
        for (int i = 0; i < count; i++)
        {
            LoadConnection connection = _connections[_events[i].Token.Slot];
            if (connection.State == LoadConnectionState.Connecting)
            {
                FinishConnect(connection);
                continue;
            }

            if (connection.State == LoadConnectionState.Opening)
            {
                Open(connection);
                continue;
            }

            if ((_events[i].Readiness & Readiness.Writable) != 0 && connection.State == LoadConnectionState.Connected)
            {
                Send(connection);
            }

            if ((_events[i].Readiness & (Readiness.Readable | Readiness.Failed)) != 0 && connection.State == LoadConnectionState.Connected)
            {
                Receive(connection);
            }
        }
    }

    private void Receive(LoadConnection connection)
    {
        do
        {
            ReceiveOnce(connection);
        }
        while (connection.State == LoadConnectionState.Connected && connection.Channel!.HoldsInput);
    }

    private void ReceiveOnce(LoadConnection connection)
    {
        SocketResult result = connection.Channel!.Receive(connection.Socket, _input);
        if (result.Status is SocketStatus.WouldBlock or SocketStatus.Interrupted)
        {
            return;
        }

        if (result.Status != SocketStatus.Ok || result.Count == 0)
        {
            Lose(
                connection,
                result.Status == SocketStatus.Ok
                    ? "the server closed a connection (if it asks for a Hello, start it with --hello none)"
                    : $"a connection failed: {result.Status}");
            return;
        }

        if (_settings.Verify && !_stream.Matches(connection.ReceivedPosition, _input.AsSpan(0, result.Count)))
        {
            Totals.Wrong++;
            Totals.FirstFault ??= $"bytes that were not sent came back in message {connection.Returned + 1} of a connection";
        }

        connection.ReceivedPosition += result.Count;
        TakeBack(connection, (connection.ReceivedPosition / _stream.FrameBytes) - connection.Returned);
    }

    private void TakeBack(LoadConnection connection, long count)
    {
        if (count > connection.Outstanding)
        {
            Lose(connection, "more came back than was sent");
            return;
        }

        long now = Stopwatch.GetTimestamp();
        for (long left = count; left > 0;)
        {
            // Messages that were sent together usually come back together.
            long together = connection.TakeBack(left, out long issued);
            Totals.RoundTrip.Record(Nanoseconds(now - issued), together);
            left -= together;
        }

        Totals.CountMessages(count);
        if (count > 0 && !IsOpenLoop)
        {
            connection.Issue(count, now);
            Send(connection);
        }
    }

    private void Send(LoadConnection connection)
    {
        long target = connection.Issued * _stream.FrameBytes;
        while (connection.SentPosition < target)
        {
            Span<byte> bytes = _output.AsSpan(0, (int)Math.Min(_output.Length, target - connection.SentPosition));
            _stream.Write(connection.SentPosition, bytes);
            _segments[0] = new SendSegment(bytes);
            SocketResult result = connection.Channel!.Send(connection.Socket, _segments);
            if (result.Status is not (SocketStatus.Ok or SocketStatus.WouldBlock or SocketStatus.Interrupted))
            {
                Lose(connection, $"a connection failed: {result.Status}");
                return;
            }

            connection.SentPosition += result.Count;
            if (result.Count < bytes.Length)
            {
                Await(connection, Interest.Readable | Interest.Writable);
                return;
            }
        }

        Await(connection, Interest.Readable);
    }

    private void Await(LoadConnection connection, Interest interest)
    {
        if (connection.Interest != interest)
        {
            connection.Interest = interest;
            _poller.Modify(connection.Socket, interest, connection.Token);
        }
    }

    private void Lose(LoadConnection connection, string why)
    {
        connection.State = LoadConnectionState.Lost;
        _poller.Remove(connection.Socket);
        connection.Channel?.Release();
        _stack.Close(connection.Socket, reset: true);
        Totals.Connected--;
        Totals.Lost++;
        Totals.FirstFault ??= why;
    }
}
