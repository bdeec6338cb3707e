using System.Runtime.Versioning;
using NetLoop.Stack.Linux;
using NetLoop.Tests.Stack.Linux;

namespace NetLoop.Tests.Simulation.Parity;

/// <summary>Datagram sockets in a network namespace. Its own address takes the place of the loopback address.</summary>
[SupportedOSPlatform("linux")]
internal sealed class NamespaceStack(string name, string address) : INetworkStack
{
    private readonly INetworkStack _stack = new LinuxStack();

    public string Name => name;

    public int MaxSockets => _stack.MaxSockets;

    public int MinDatagramBufferBytes => _stack.MinDatagramBufferBytes;

    public IPoller CreatePoller(PollerKind kind) => _stack.CreatePoller(kind);

    public SocketStatus OpenDatagram(
        in NetEndpoint endpoint, bool isConnected, in DatagramSocketOptions options, out SocketHandle socket, out NetEndpoint local)
    {
        NetEndpoint there = isConnected ? endpoint : NetEndpoint.Udp(address, endpoint.Port);
        DatagramSocketOptions same = options;
        (SocketStatus status, socket, local) = Namespaces.Call(name, () =>
        {
            SocketStatus result = _stack.OpenDatagram(there, isConnected, same, out SocketHandle opened, out NetEndpoint bound);
            return (result, opened, bound);
        });
        return status;
    }

    public SocketResult ReceiveDatagrams(SocketHandle socket, Span<byte> buffer, Span<IncomingDatagram> datagrams) =>
        _stack.ReceiveDatagrams(socket, buffer, datagrams);

    public SocketResult SendDatagrams(SocketHandle socket, ReadOnlySpan<OutgoingDatagram> datagrams) => _stack.SendDatagrams(socket, datagrams);

    public long CountDroppedDatagrams(SocketHandle socket) => _stack.CountDroppedDatagrams(socket);

    public void Close(SocketHandle socket, bool reset) => _stack.Close(socket, reset);

    public SocketStatus Listen(in NetEndpoint endpoint, int backlog, out SocketHandle listener, out NetEndpoint bound) => throw new NotSupportedException();

    public SocketStatus Accept(SocketHandle listener, out SocketHandle socket, out NetEndpoint remote) => throw new NotSupportedException();

    public SocketStatus Connect(in NetEndpoint remote, out SocketHandle socket) => throw new NotSupportedException();

    public SocketStatus FinishConnect(SocketHandle socket) => throw new NotSupportedException();

    public SocketStatus Configure(SocketHandle socket, in StreamSocketOptions options) => throw new NotSupportedException();

    public SocketResult Receive(SocketHandle socket, Span<byte> buffer) => throw new NotSupportedException();

    public SocketResult Send(SocketHandle socket, ReadOnlySpan<SendSegment> segments) => throw new NotSupportedException();

    public SocketStatus ShutdownSend(SocketHandle socket) => throw new NotSupportedException();

    public void RemoveUnixPath(in NetEndpoint endpoint)
    {
    }

    public string? FindHolder(in NetEndpoint endpoint) => null;
}
