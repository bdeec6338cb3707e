using System.Security.Cryptography.X509Certificates;
using NetLoop.Buffers;
using NetLoop.Demo.Certificates;
using NetLoop.Transports.Tls;

namespace NetLoop.Tests.Transports.Tls;

/// <summary>A client's and a server's channel at the ends of a pipe.</summary>
internal sealed class TlsPair : IDisposable
{
    private static readonly X509Certificate2 Certificate = DevelopmentCertificate.Create();
    private static readonly TlsServer Authentication = new(new TlsServerOptions { Certificate = Certificate }, timeout: 0);
    private static readonly X509Certificate2Collection Roots = [X509CertificateLoader.LoadCertificate(Certificate.RawData)];
    private readonly BorrowedMemory _borrowed = new();

    public TlsPair(PipeStack? pipe = null, ITlsAuthentication? server = null)
    {
        Pool = new BufferPool(new BufferPoolOptions { Diagnostics = true, MaxBytes = 1 << 20 });
        Pipe = pipe ?? new PipeStack();
        Client = new TlsChannel(Pipe, Pool, new TlsClient(new TlsClientOptions { TrustedRoots = Roots }, "localhost", timeout: 0), _borrowed);
        Server = new TlsChannel(Pipe, Pool, server ?? Authentication, _borrowed);
    }

    public PipeStack Pipe { get; }

    public BufferPool Pool { get; }

    public TlsChannel Client { get; }

    public TlsChannel Server { get; }

    /// <summary>Runs both sides until both are open or one has failed.</summary>
    public (SocketStatus Client, SocketStatus Server) Open()
    {
        SocketStatus client = SocketStatus.WouldBlock;
        SocketStatus server = SocketStatus.WouldBlock;
        for (int turn = 0; turn < 100_000 && (client, server) != (SocketStatus.Ok, SocketStatus.Ok); turn++)
        {
            client = client == SocketStatus.WouldBlock ? Client.Open(PipeStack.Client) : client;
            _ = Client.Flush(PipeStack.Client);
            server = server == SocketStatus.WouldBlock ? Server.Open(PipeStack.Server) : server;
            _ = Server.Flush(PipeStack.Server);
            if (client is not (SocketStatus.Ok or SocketStatus.WouldBlock) || server is not (SocketStatus.Ok or SocketStatus.WouldBlock))
            {
                break;
            }
        }

        return (client, server);
    }

    public void Dispose()
    {
        Client.Release();
        Server.Release();
    }
}
