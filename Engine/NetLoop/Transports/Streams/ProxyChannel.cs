namespace NetLoop.Transports.Streams;

/// <summary>Reads the PROXY header with which a trusted proxy begins a connection; another channel then replaces it.</summary>
/// <remarks>Thread: loop. Belongs to one connection.</remarks>
internal sealed class ProxyChannel(INetworkStack stack, IStreamChannel next, long timeout) : IStreamChannel
{
    private const int UsualBytes = 128;

    private byte[] _bytes = new byte[UsualBytes];
    private int _count;
    private bool _hasHandedOver;

    public bool IsOpen { get; private set; }

    public long HandshakeTimeout => timeout;

    public string HandshakeName => "PROXY header";

    public bool AnswersHandshake => true;

    public string? FailureText { get; private set; }

    public NetEndpoint ClientAddress { get; private set; }

    public SocketStatus Open(SocketHandle socket)
    {
        while (true)
        {
            switch (ProxyHeader.Read(_bytes.AsSpan(0, _count), out NetEndpoint source, out int missingBytes))
            {
                case ProxyHeaderStatus.Complete:
                    ClientAddress = source;
                    IsOpen = true;
                    return SocketStatus.Ok;

                case ProxyHeaderStatus.Missing:
                    FailureText = "The trusted proxy sent no PROXY header";
                    return SocketStatus.ProtocolError;

                case ProxyHeaderStatus.Malformed:
                    FailureText = "The PROXY header of the trusted proxy is malformed";
                    return SocketStatus.ProtocolError;
            }

            if (_bytes.Length < _count + missingBytes)
            {
                Array.Resize(ref _bytes, ProxyHeader.MaxBytes);
            }

            SocketResult result = stack.Receive(socket, _bytes.AsSpan(_count, missingBytes));
            if (result.Status != SocketStatus.Ok || result.Count == 0)
            {
                return result.Status;
            }

            _count += result.Count;
        }
    }

    public IStreamChannel HandOver()
    {
        _hasHandedOver = true;
        return next;
    }

    // Until the header is read, nothing is received or sent; afterwards the connection uses the next channel.
    public SocketResult Receive(SocketHandle socket, Span<byte> room) => new(SocketStatus.WouldBlock, 0);

    public SocketResult Send(SocketHandle socket, ReadOnlySpan<SendSegment> segments) => new(SocketStatus.WouldBlock, 0);

    public void EndSending(SocketHandle socket)
    {
    }

    public void Release()
    {
        if (!_hasHandedOver)
        {
            next.Release();
        }
    }
}
