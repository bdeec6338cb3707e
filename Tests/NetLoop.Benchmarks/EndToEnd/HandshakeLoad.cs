using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text.Json;
using NetLoop.Demo.Load;

namespace NetLoop.Benchmarks.EndToEnd;

/// <summary>Clients that connect with TLS, exchange one body and close, again and again.</summary>
internal static class HandshakeLoad
{
    /// <summary>The request Ping with its length: the engine responds, and Kestrel returns it as it is.</summary>
    private static readonly byte[] Ping = [0, 0, 0, 6, 0x94, 0, 0, 2, 0x91, 0];

    /// <summary>Loads a server and prints the result as one line of JSON.</summary>
    /// <param name="port">The port of the server on 127.0.0.1.</param>
    /// <param name="process">The process of the server.</param>
    /// <param name="clients">How many clients connect at the same time.</param>
    /// <param name="warmUp">How long to load before the measurement.</param>
    /// <param name="duration">How long to measure.</param>
    public static async Task RunAsync(int port, int process, int clients, TimeSpan warmUp, TimeSpan duration)
    {
        using var stop = new CancellationTokenSource();
        long completed = 0;
        Task[] running = [.. Enumerable.Range(0, clients).Select(_ => LoopAsync())];
        await Task.Delay(warmUp).ConfigureAwait(false);
        long before = Interlocked.Read(ref completed);
        double cpuBefore = ProcessCpu.Seconds(process) ?? 0;
        long began = Stopwatch.GetTimestamp();
        await Task.Delay(duration).ConfigureAwait(false);
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        double cpu = (ProcessCpu.Seconds(process) ?? 0) - cpuBefore;
        double count = Interlocked.Read(ref completed) - before;
        await stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(running).ConfigureAwait(false);
        var sample = new HandshakeSample(count / seconds, cpu / count * 1e6, cpu / seconds);
        await Console.Out.WriteLineAsync(JsonSerializer.Serialize(sample, ReportJson.Lines.HandshakeSample)).ConfigureAwait(false);

        async Task LoopAsync()
        {
            while (!stop.IsCancellationRequested)
            {
                await ConnectOnceAsync(port).ConfigureAwait(false);
                Interlocked.Increment(ref completed);
            }
        }
    }

    private static async Task ConnectOnceAsync(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port).ConfigureAwait(false);
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: false));
        await using (stream.ConfigureAwait(false))
        {
            await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                AllowTlsResume = false, // Each handshake is a full one.
#pragma warning disable CA5359 // Verifying chains is not what is measured.
                RemoteCertificateValidationCallback = (_, _, _, _) => true,
#pragma warning restore CA5359
            }).ConfigureAwait(false);

            // With TLS 1.3 the client is done before the server has seen its last message; the reply proves that the server is.
            await stream.WriteAsync(Ping).ConfigureAwait(false);
            if (await stream.ReadAsync(new byte[64]).ConfigureAwait(false) == 0)
            {
                throw new IOException("the server closed the connection after the handshake");
            }
        }
    }
}
