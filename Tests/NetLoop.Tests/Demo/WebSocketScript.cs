using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using NetLoop.Tests.Transports.WebSockets.Conformance;

namespace NetLoop.Tests.Demo;

/// <summary>A WebSocket server for one client that sends exactly the bytes of a test, whatever a broken or hostile server may send.</summary>
internal sealed class WebSocketScript : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Task _serving;

    /// <summary>Listens, and plays the script with the client that connects.</summary>
    /// <param name="response">The response to the upgrade, from the right value of Sec-WebSocket-Accept.</param>
    /// <param name="play">Sends and receives after the upgrade.</param>
    public WebSocketScript(Func<string, string> response, Func<Peer, Task> play)
    {
        _listener.Start();
        _serving = Task.Run(async () =>
        {
            using TcpClient client = await _listener.AcceptTcpClientAsync();
            var peer = new Peer(client.GetStream());
            await peer.SendAsync(Encoding.Latin1.GetBytes(response(Accept(await peer.ReadUpgradeAsync()))));
            await play(peer);
        });
    }

    public string Uri => $"ws://{_listener.LocalEndpoint}";

    /// <summary>The response of a server that speaks WebSocket.</summary>
    public static string Upgrade(string accept) =>
        $"HTTP/1.1 101 Switching Protocols\r\nupgrade: WebSocket\r\nconnection: keep-alive, Upgrade\r\nsec-websocket-accept: {accept}\r\n\r\n";

    /// <summary>Completes when the script has been played; throws what it threw.</summary>
    public Task PlayedAsync() => _serving.WaitAsync(ChildProcess.Deadline);

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _serving.ContinueWith(static _ => { }, TaskScheduler.Default).WaitAsync(ChildProcess.Deadline);
    }

    private static string Accept(string upgrade)
    {
        string key = upgrade.Split("\r\n").Single(line => line.StartsWith("Sec-WebSocket-Key: ", StringComparison.Ordinal))["Sec-WebSocket-Key: ".Length..];
#pragma warning disable CA5350 // RFC 6455 requires SHA-1.
        return Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350
    }

    /// <summary>The server's end of the connection.</summary>
    internal sealed class Peer(NetworkStream stream)
    {
        public async Task SendAsync(params byte[] bytes) => await stream.WriteAsync(bytes);

        public async Task<string> ReadUpgradeAsync()
        {
            var head = new StringBuilder();
            byte[] one = new byte[1];
            while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
            {
                await stream.ReadExactlyAsync(one);
                head.Append((char)one[0]);
            }

            return head.ToString();
        }

        /// <summary>The client's next frame, which must be final, masked and shorter than 126 bytes.</summary>
        public async Task<ReceivedFrame> ReadAsync()
        {
            byte[] header = new byte[6];
            await stream.ReadExactlyAsync(header);
            if ((header[0] & 0xF0) != 0x80 || header[1] is < 0x80 or > 0x80 + 125)
            {
                throw new InvalidDataException($"A frame begins with {header[0]:x2} {header[1]:x2}.");
            }

            byte[] content = new byte[header[1] - 0x80];
            await stream.ReadExactlyAsync(content);
            for (int i = 0; i < content.Length; i++)
            {
                content[i] ^= header[2 + (i % 4)];
            }

            return new ReceivedFrame(header[0] & 0xF, content);
        }
    }
}
