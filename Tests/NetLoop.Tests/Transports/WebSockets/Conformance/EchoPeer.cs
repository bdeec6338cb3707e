using System.Net;
using System.Net.Sockets;
using System.Text;
using NetLoop.Framing;
using NetLoop.Framing.WebSockets;
using NetLoop.Stack;
using NetLoop.Tests.Hosting;
using NetLoop.Transports;
using NetLoop.Transports.Streams;
using NetLoop.Transports.WebSockets;

namespace NetLoop.Tests.Transports.WebSockets.Conformance;

/// <summary>Echoes every message unchanged, text as text: the engine's own connections on their own loop, as server or client.</summary>
internal sealed class EchoPeer : IAsyncDisposable, IAcceptor
{
    private readonly EventLoop _loop;
    private readonly WebSocketRole _role;
    private readonly Socket? _listener;
    private NetEndpoint _endpoint;

    public EchoPeer(WebSocketRole role)
    {
        _role = role;
        var options = new EventLoopOptions { ThreadName = $"echo {role}" };
        _loop = new EventLoop(options);
        _loop.StartThread();
        if (role == WebSocketRole.Server)
        {
            OnLoop(Listen);
        }
        else
        {
            _listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            _listener.Listen(16);
        }
    }

    public bool HasRoom => true;

    private NetLoop.Transports.ConnectionSet Transport => _loop.Core.Transport;

    /// <summary>A raw socket after the opening handshake; its other end is the engine's.</summary>
    public Socket Connect()
    {
        Socket socket = _role == WebSocketRole.Server ? ConnectToServer() : AcceptFromClient();
        socket.NoDelay = true;
        socket.ReceiveTimeout = (int)TestHost.Patience.TotalMilliseconds;
        socket.SendTimeout = (int)TestHost.Patience.TotalMilliseconds;
        return socket;
    }

    /// <summary>Number of bytes that the engine has received.</summary>
    public long ReceivedBytes => OnLoop(() => _loop.Core.Counters.BytesIn);

    /// <summary>Lets the engine run a whole iteration.</summary>
    public void LetTurnEnd()
    {
        long iteration = OnLoop(() => _loop.Core.Counters.Iterations);
        while (OnLoop(() => _loop.Core.Counters.Iterations) <= iteration + 1)
        {
            Thread.Yield();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener?.Dispose();
        await _loop.DisposeAsync();
    }

    void IAcceptor.OnAccepted(SocketHandle ownedSocket, in NetEndpoint remote) => new Echo(this).Open(ownedSocket);

    private Socket ConnectToServer()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(IPAddress.Loopback, _endpoint.Port);
        socket.Send(Encoding.ASCII.GetBytes(
            "GET /echo HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
                + "dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"));
        string head = ReadHead(socket);

        // The key and its answer are the example of RFC 6455, section 1.3.
        return head.StartsWith("HTTP/1.1 101 ", StringComparison.Ordinal) && head.Contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", StringComparison.Ordinal)
            ? socket
            : throw new InvalidOperationException(head);
    }

    private Socket AcceptFromClient()
    {
        var endpoint = NetEndpoint.Parse(_listener!.LocalEndPoint!.ToString()!);
        OnLoop(() =>
        {
            SocketStatus status = Transport.Stack.Connect(endpoint, out SocketHandle handle);
            return status is SocketStatus.Ok or SocketStatus.InProgress ? new Echo(this).Dial(handle, endpoint) : status;
        });
        Socket socket = _listener.Accept();
        string head = ReadHead(socket);
        string key = head.Split("\r\n").Single(line => line.StartsWith("Sec-WebSocket-Key: ", StringComparison.Ordinal))["Sec-WebSocket-Key: ".Length..];
#pragma warning disable CA5350 // The protocol says SHA-1.
        byte[] hash = System.Security.Cryptography.SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"));
#pragma warning restore CA5350
        socket.Send(Encoding.ASCII.GetBytes(
            $"HTTP/1.1 101 Switching Protocols\r\nupgrade: WebSocket\r\nconnection: upgrade\r\nsec-websocket-accept: {Convert.ToBase64String(hash)}\r\n\r\n"));
        return socket;
    }

    private static string ReadHead(Socket socket)
    {
        var head = new StringBuilder();
        byte[] one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && socket.Receive(one) == 1)
        {
            head.Append((char)one[0]);
        }

        return head.ToString();
    }

    private SocketStatus Listen()
    {
        SocketStatus status = Transport.Stack.Listen(NetEndpoint.Tcp("127.0.0.1", 0), 16, out SocketHandle socket, out _endpoint);
        return status == SocketStatus.Ok ? Listener.TryRegister(Transport, this, socket, _endpoint, out _) : status;
    }

    private T OnLoop<T>(Func<T> look)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _loop.Post(() => done.SetResult(look()));
        return done.Task.Wait(TestHost.Patience) ? done.Task.Result : throw new TimeoutException("The loop does not answer.");
    }

    private sealed class Echo(EchoPeer peer) : IConnectionOwner
    {
        public NetEndpoint Remote => default;

        public bool TryMove(in NetEndpoint remote) => true;

        private readonly StreamConnection _connection = peer._loop.Core.Streams.Take();
        private WebSocketProtocol? _webSocket;

        public SocketStatus Open(SocketHandle ownedSocket) =>
            _connection.Open(ownedSocket, this, Protocol(""), ConformanceLimits.Stream);

        public SocketStatus Dial(SocketHandle ownedSocket, NetEndpoint remote) =>
            _connection.Dial(ownedSocket, this, Protocol(remote.ToString()), ConformanceLimits.Stream);

        public void OnReady(Readiness readiness)
        {
        }

        public void OnConnected()
        {
        }

        public bool OnBodies(ref BodyBatch bodies)
        {
            _webSocket!.SendsText = _webSocket.IsText;
            return _connection.TryAppend(bodies.First);
        }

        public void OnBadInput(CloseReason reason, string text) => _connection.CloseGracefully(reason, text);

        public void OnEndOfInput(CloseReason reason, string text) => _connection.CloseGracefully();

        public void OnSendBlocked()
        {
        }

        public bool TryPark(in ParkedConnection parked) => false;

        public void OnDisconnected(in ConnectionEnd end)
        {
        }

        private WebSocketStream Protocol(string host)
        {
            _webSocket = new WebSocketProtocol(
                ConformanceLimits.For(peer._role, host), ConformanceLimits.MaxMessageBytes, peer.Transport.Pool, new SystemEntropy());
            return new WebSocketStream(_webSocket, ConformanceLimits.MaxMessageBytes);
        }
    }
}
