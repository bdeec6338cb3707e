using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace NetLoop.Tests.Demo.Page;

/// <summary>
/// A foreign web server on this machine: it serves an empty page under every host name, and records each WebSocket that a page tried to open here.
/// </summary>
internal sealed class StrangerSite : IAsyncDisposable
{
    private static readonly byte[] PageBytes = Encoding.ASCII.GetBytes(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<title>stranger</title>");

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Channel<string> _upgrades = Channel.CreateUnbounded<string>();
    private readonly ConcurrentBag<Task> _answers = [];
    private readonly CancellationTokenSource _end = new();
    private readonly Task _serving;

    public StrangerSite()
    {
        _listener.Start();
        _serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Returns the next request to open a WebSocket here.</summary>
    public Task<string> NextUpgradeAsync() => _upgrades.Reader.ReadAsync().AsTask().WaitAsync(ChildProcess.Deadline);

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _serving;
        await _end.CancelAsync();
        await Task.WhenAll(_answers);
        _end.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                Socket socket = await _listener.AcceptSocketAsync();
                _answers.Add(AnswerAsync(socket)); // Not awaited here, because browsers open connections before they send requests.
            }
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
            // The test has ended.
        }
    }

    private async Task AnswerAsync(Socket socket)
    {
        using Socket owned = socket;
        byte[] buffer = new byte[16 * 1024];
        int count = 0;
        try
        {
            int received;
            do
            {
                received = await socket.ReceiveAsync(buffer.AsMemory(count), _end.Token);
                count += received;
            }
            while (received > 0 && !buffer.AsSpan(0, count).EndsWith("\r\n\r\n"u8));

            string head = Encoding.Latin1.GetString(buffer, 0, count);
            if (head.Contains("Upgrade: websocket", StringComparison.OrdinalIgnoreCase))
            {
                _upgrades.Writer.TryWrite(head);
            }
            else if (count > 0)
            {
                await socket.SendAsync(PageBytes, _end.Token);
                socket.Shutdown(SocketShutdown.Send);
            }
        }
        catch (Exception end) when (end is SocketException or OperationCanceledException)
        {
            // The browser closed the connection, or the test has ended.
        }
    }
}
