using System.Collections.Concurrent;
using System.Net;
using System.Text;
using NUnit.Framework;

namespace NetLoop.Tests.Demo;

/// <summary>An OpenTelemetry collector that stores what it receives by OTLP over HTTP, as bytes of protocol buffers.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentDictionary<string, StringBuilder> _received = new();
    private readonly Task _receiving;

    public OtlpReceiver()
    {
        Address = $"http://127.0.0.1:{FreePort.Find()}";
        _listener.Prefixes.Add(Address + "/");
        _listener.Start();
        _receiving = ReceiveAsync();
    }

    public string Address { get; }

    /// <summary>Whether it received a signal whose bytes contain a text, such as a name.</summary>
    /// <param name="path">For example <c>/v1/metrics</c>.</param>
    /// <param name="text">The text; names are stored unchanged in protocol buffers.</param>
    public bool Has(string path, string text)
    {
        if (!_received.TryGetValue(path, out StringBuilder? received))
        {
            return false;
        }

        lock (received)
        {
            return received.ToString().Contains(text, StringComparison.Ordinal);
        }
    }

    /// <summary>Waits until a text has arrived.</summary>
    public async Task ExpectAsync(string path, string text)
    {
        using var deadline = new CancellationTokenSource(ChildProcess.Deadline);
        while (!Has(path, text))
        {
            Assert.That(deadline.IsCancellationRequested, Is.False, $"no {text} at {path}; there were {string.Join(", ", _received.Keys)}");
            await Task.Delay(20);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _receiving;
    }

    private async Task ReceiveAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using var body = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(body);
            bool isAccepted = context.Request.HttpMethod == "POST" && context.Request.ContentType == "application/x-protobuf";
            if (isAccepted)
            {
                StringBuilder received = _received.GetOrAdd(context.Request.Url!.AbsolutePath, _ => new StringBuilder());
                lock (received)
                {
                    received.Append(Encoding.Latin1.GetString(body.ToArray()));
                }
            }

            context.Response.StatusCode = isAccepted ? 200 : 400;
            context.Response.ContentType = "application/x-protobuf";
            context.Response.Close();
        }
    }
}
