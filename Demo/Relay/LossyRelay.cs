using System.Diagnostics.CodeAnalysis;
using NetLoop.Demo.CommandLine;
using NetLoop.Time;
using NetLoop.Transports;

namespace NetLoop.Demo.Relay;

/// <summary>
/// A bad network between UDP clients and a server: it loses, repeats, reorders and delays datagrams, and limits their rate. It reads none of them. Each client
/// has its own socket to the server, so that the server tells clients apart by their addresses, as through a NAT.
/// </summary>
/// <remarks>Thread: any for the public members; everything else runs on the relay's own loop. Bounded in clients and memory.</remarks>
[SuppressMessage("Security", "CA5394", Justification = "A bad network needs no good randomness, and must be repeatable.")]
internal sealed class LossyRelay : ISocketEntry, ITimerTarget, IAsyncDisposable
{
    /// <summary>Maximum number of clients; datagrams of further ones are dropped.</summary>
    public const int MaxClients = 4_096;

    /// <summary>Bytes of datagrams under way in both directions; more are dropped.</summary>
    private const long MaxHeldBytes = 128 << 20;

    /// <summary>A client that is silent for this long is forgotten: longer than any session on UDP survives silence by default.</summary>
    private const long MaxSilence = 60_000_000_000;

    private const int MaxBatch = 64;
    private const int SlotBytes = 2048;
    private const int MaxReceives = 16;
    private const int SocketBufferBytes = 4 << 20;

    private static readonly DatagramSocketOptions SocketOptions = new(SocketBufferBytes, SocketBufferBytes, IsUnfragmented: false);
    private static readonly DatagramSocketOptions ClientSocketOptions = new(1 << 20, 0, IsUnfragmented: false);

    private readonly NetEndpoint _server;
    private readonly Random _random;
    private readonly EventLoop _loop;
    private readonly ConnectionSet _set;
    private readonly Dictionary<DatagramAddress, RelayClient> _clients = [];
    private readonly List<RelayClient> _silent = [];
    private readonly PriorityQueue<DelayedDatagram, (long Due, long Number)> _delayed = new();
    private readonly byte[] _received;
    private readonly IncomingDatagram[] _incoming = new IncomingDatagram[MaxBatch];
    private readonly OutgoingDatagram[] _batch = new OutgoingDatagram[MaxBatch];
    private readonly DelayedDatagram[] _sending = new DelayedDatagram[MaxBatch];
    private PolledSocket _socket = new();
    private TimerHandle _timer;
    private NetworkConditions _toServer;
    private NetworkConditions _toClient;
    private long _heldBytes;
    private long _number;
    private long _nextSweep;
    private int _clientCount;
    private long _clientsRejected;
    private bool _isClosed;

    private LossyRelay(NetEndpoint server, NetworkConditions toServer, NetworkConditions toClient, int seed)
    {
        _server = server;
        _toServer = toServer;
        _toClient = toClient;
        _random = new Random(seed);
        _loop = EventLoop.Start(options =>
        {
            options.TickRate = 0;
            options.ThreadName = "relay";
        });
        _set = _loop.Core.Transport;
        _received = GC.AllocateUninitializedArray<byte>(Math.Max(_set.Stack.MinDatagramBufferBytes, MaxBatch * SlotBytes), pinned: true);
    }

    /// <summary>The address to which clients send.</summary>
    public NetEndpoint Endpoint { get; private set; }

    /// <summary>What the network does to datagrams from clients.</summary>
    public NetworkConditions ToServer
    {
        get => Volatile.Read(ref _toServer);
        set => Volatile.Write(ref _toServer, value);
    }

    /// <summary>What the network does to datagrams from the server.</summary>
    public NetworkConditions ToClient
    {
        get => Volatile.Read(ref _toClient);
        set => Volatile.Write(ref _toClient, value);
    }

    /// <summary>The datagrams from clients.</summary>
    public RelayCounters ToServerCounters { get; } = new();

    /// <summary>The datagrams from the server.</summary>
    public RelayCounters ToClientCounters { get; } = new();

    /// <summary>Current number of clients.</summary>
    public int Clients => Volatile.Read(ref _clientCount);

    /// <summary>Datagrams that were dropped because there were too many clients, or no socket for another one.</summary>
    public long ClientsRejected => Volatile.Read(ref _clientsRejected);

    /// <summary>Bytes of datagrams under way.</summary>
    public long HeldBytes => Volatile.Read(ref _heldBytes);

    /// <summary>Datagrams that the kernel dropped because the relay did not read fast enough; complete after the relay's end. It should be 0.</summary>
    public long KernelDrops { get; private set; }

    /// <summary>Statistics of the relay's loop.</summary>
    public LoopStatistics LoopStatistics => _loop.GetStatistics();

    /// <summary>Opens a relay.</summary>
    /// <param name="listen">The UDP endpoint to which clients send; port 0 lets the system choose.</param>
    /// <param name="server">The UDP endpoint of the server; it has an IP address.</param>
    /// <param name="toServer">What happens to datagrams from clients.</param>
    /// <param name="toClient">What happens to datagrams from the server.</param>
    /// <param name="seed">The same seed and the same datagrams in the same order give the same losses.</param>
    /// <exception cref="MistakeException">The endpoint cannot be bound; the message says why.</exception>
    public static async Task<LossyRelay> StartAsync(
        NetEndpoint listen, NetEndpoint server, NetworkConditions toServer, NetworkConditions toClient, int seed)
    {
        var relay = new LossyRelay(server, toServer, toClient, seed);
        var opened = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        relay._loop.Post(() => opened.SetResult(relay.TryOpen(listen)));
        if (await opened.Task.ConfigureAwait(false) is { } failure)
        {
            await relay.DisposeAsync().ConfigureAwait(false);
            throw new MistakeException(failure);
        }

        return relay;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_loop.Post(() =>
        {
            Close();
            closed.SetResult();
        }))
        {
            await Task.WhenAny(closed.Task, _loop.Completion).ConfigureAwait(false);
        }

        await _loop.DisposeAsync().ConfigureAwait(false);
    }

    void ISocketEntry.OnReady(Readiness readiness) => ReceiveFromClients();

    void ITimerTarget.OnTimer()
    {
        _timer = default;
        SendDue();
        Sweep();
        Schedule();
    }

    /// <summary>Receives what the server sent to a client.</summary>
    internal void ReceiveFromServer(RelayClient client)
    {
        for (int call = 0; call < MaxReceives; call++)
        {
            SocketResult result = _set.Stack.ReceiveDatagrams(client.Socket, _received, _incoming);
            if (result.Status is SocketStatus.ConnectionRefused or SocketStatus.ConnectionReset or SocketStatus.Interrupted)
            {
                continue; // Nobody listens at the server's address now; the client notices by itself.
            }

            if (result.Status != SocketStatus.Ok)
            {
                break;
            }

            long now = _set.Clock.PeerTime;
            client.LastUsed = now;
            for (int i = 0; i < result.Count; i++)
            {
                Accept(client, client.ToClient, ToClient, ToClientCounters, _incoming[i], isToServer: false, now);
            }

            if (result.Count < _incoming.Length)
            {
                break;
            }
        }

        SendDue();
        Schedule();
    }

    private string? TryOpen(NetEndpoint listen)
    {
        SocketStatus status = _set.Stack.OpenDatagram(listen, isConnected: false, SocketOptions, out SocketHandle socket, out NetEndpoint bound);
        if (status == SocketStatus.Ok)
        {
            status = _socket.Register(_set, this, socket, Interest.Readable);
            if (status != SocketStatus.Ok)
            {
                _set.Stack.Close(socket, reset: false);
            }
        }

        Endpoint = bound;
        return status == SocketStatus.Ok ? null : NetListenException.For(_set.Stack, listen, status).Message;
    }

    private void Close()
    {
        if (_isClosed)
        {
            return;
        }

        _isClosed = true;
        _set.Timers.Cancel(_timer);
        while (_delayed.TryDequeue(out DelayedDatagram datagram, out _))
        {
            datagram.Memory.Return();
        }

        foreach (RelayClient client in _clients.Values)
        {
            End(client);
        }

        _clients.Clear();
        if (_socket.Handle != SocketHandle.None)
        {
            KernelDrops += _set.Stack.CountDroppedDatagrams(_socket.Handle);
            _socket.Unregister(_set, reset: false);
        }
    }

    private void ReceiveFromClients()
    {
        for (int call = 0; call < MaxReceives; call++)
        {
            SocketResult result = _set.Stack.ReceiveDatagrams(_socket.Handle, _received, _incoming);
            if (result.Status == SocketStatus.Interrupted)
            {
                continue;
            }

            if (result.Status != SocketStatus.Ok)
            {
                break;
            }

            long now = _set.Clock.PeerTime;
            for (int i = 0; i < result.Count; i++)
            {
                if (ClientAt(_incoming[i].From) is { } client)
                {
                    client.LastUsed = now;
                    Accept(client, client.ToServer, ToServer, ToServerCounters, _incoming[i], isToServer: true, now);
                }
            }

            if (result.Count < _incoming.Length)
            {
                break;
            }
        }

        SendDue();
        Schedule();
    }

    private RelayClient? ClientAt(in DatagramAddress address)
    {
        if (_clients.TryGetValue(address, out RelayClient? client))
        {
            return client;
        }

        SocketHandle socket = SocketHandle.None;
        if (_clients.Count < MaxClients
            && _set.Stack.OpenDatagram(_server, isConnected: true, ClientSocketOptions, out socket, out _) == SocketStatus.Ok)
        {
            var paths = new Random(_random.Next());
            client = new RelayClient(this, address, new RelayPath(paths, ToServerCounters), new RelayPath(paths, ToClientCounters));
            if (!DescriptorBudget.IsForRuntime(_set.Stack, socket) && client.TryBegin(_set, socket))
            {
                _clients.Add(address, client);
                _clientCount = _clients.Count;
                return client;
            }

            _set.Stack.Close(socket, reset: false);
        }

        _clientsRejected++;
        return null;
    }

    private void Accept(
        RelayClient client, RelayPath path, NetworkConditions conditions, RelayCounters counters, in IncomingDatagram datagram, bool isToServer, long now)
    {
        if (datagram.IsTruncated)
        {
            counters.Failed++;
            return;
        }

        int times = path.Plan(conditions, datagram.Length, now, out long first, out long copy);
        ReadOnlySpan<byte> bytes = _received.AsSpan(datagram.Start, datagram.Length);
        for (int i = 0; i < times; i++)
        {
            if (datagram.Length == 0 || _heldBytes + datagram.Length > MaxHeldBytes || !_set.Pool.TryRent(datagram.Length, nameof(LossyRelay), out var memory))
            {
                counters.Failed++;
                continue;
            }

            bytes.CopyTo(memory.Span);
            _heldBytes += datagram.Length;
            _delayed.Enqueue(new DelayedDatagram(memory, datagram.Length, client, isToServer), (i == 0 ? first : copy, _number++));
        }
    }

    // Datagrams of one receiver that are due together leave in one call.
    private void SendDue()
    {
        long now = _set.Clock.PeerTime;
        int count = 0;
        while (_delayed.TryPeek(out DelayedDatagram next, out (long Due, long Number) place) && place.Due <= now)
        {
            if (count == MaxBatch || (count > 0 && !IsSameSocket(_sending[0], next)))
            {
                Send(count);
                count = 0;
            }

            _delayed.Dequeue();
            _batch[count] = new OutgoingDatagram(new SendSegment(next.Memory.Span[..next.Length]), next.IsToServer ? default : next.Client.Address);
            _sending[count++] = next;
        }

        Send(count);
    }

    private static bool IsSameSocket(in DelayedDatagram one, in DelayedDatagram other) =>
        one.IsToServer == other.IsToServer && (!one.IsToServer || one.Client == other.Client);

    private void Send(int count)
    {
        if (count == 0)
        {
            return;
        }

        bool isToServer = _sending[0].IsToServer;
        RelayCounters counters = isToServer ? ToServerCounters : ToClientCounters;
        SocketHandle socket = isToServer ? _sending[0].Client.Socket : _socket.Handle;
        ReadOnlySpan<OutgoingDatagram> rest = _batch.AsSpan(0, count);
        while (!rest.IsEmpty && socket != SocketHandle.None)
        {
            SocketResult result = _set.Stack.SendDatagrams(socket, rest);
            if (result.Status == SocketStatus.Ok)
            {
                counters.Forwarded += result.Count;
                rest = rest[result.Count..];
            }
            else if (result.Status == SocketStatus.ConnectionRefused)
            {
                continue; // The error of an earlier datagram, reported once.
            }
            else if (result.Status != SocketStatus.Interrupted)
            {
                rest = rest[1..];
                counters.Failed++;
            }
        }

        for (int i = 0; i < count; i++)
        {
            _heldBytes -= _sending[i].Length;
            _sending[i].Memory.Return();
            _sending[i] = default;
        }
    }

    private void Schedule()
    {
        if (_isClosed)
        {
            return;
        }

        long due = _nextSweep;
        if (_delayed.TryPeek(out _, out (long Due, long Number) place))
        {
            due = Math.Min(due, place.Due);
        }

        if (!_set.Timers.Reschedule(_timer, due))
        {
            _timer = _set.Timers.Schedule(due, this);
        }
    }

    // Forgets silent clients, whose sockets others may need.
    private void Sweep()
    {
        long now = _set.Clock.PeerTime;
        if (now < _nextSweep)
        {
            return;
        }

        _nextSweep = now + (MaxSilence / 4);
        foreach (RelayClient client in _clients.Values)
        {
            if (now - client.LastUsed > MaxSilence)
            {
                _silent.Add(client);
            }
        }

        foreach (RelayClient client in _silent)
        {
            End(client);
            _clients.Remove(client.Address);
        }

        _silent.Clear();
        _clientCount = _clients.Count;
    }

    private void End(RelayClient client)
    {
        KernelDrops += _set.Stack.CountDroppedDatagrams(client.Socket);
        client.End(_set);
    }
}
