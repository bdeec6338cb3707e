using System.Net;
using System.Net.Sockets;
using System.Text;
using NUnit.Framework;

namespace NetLoop.Tests.Hosting;

/// <summary>Listeners of raw protocols, tested with plain sockets.</summary>
public sealed class RawProtocolTests
{
    [TestCase(HandlerMode.Loop)]
    [TestCase(HandlerMode.Dedicated)]
    public async Task SendRaw_LongerThanTheFramerAllows_IsNotSentAndCostsNothing(HandlerMode handlers)
    {
        NetServer server = TestHost.CreateServer(o =>
        {
            o.HandlerMode = handlers;
            o.ListenTcp("127.0.0.1", 0, l => l.UseRawProtocol(() => DelimitedFramer.Lines(16), (session, body) =>
            {
                session.SendRaw(new byte[17]);
                session.SendRaw(body);
            }));
        });
        server.Start();
        using (Socket socket = await ConnectAsync(server))
        {
            await socket.SendAsync("hello\n"u8.ToArray());
            byte[] buffer = new byte[64];
            int count = await socket.ReceiveAsync(buffer).WaitAsync(TestHost.Patience);
            Assert.That(Encoding.UTF8.GetString(buffer, 0, count), Is.EqualTo("hello\n"));
        }

        await TestHost.StopAndCheckAsync(server);
    }

    [Test]
    public async Task HalfClosedPeerThatDoesNotRead_UntilTheCloseTimeout_DoesNotSpin()
    {
        NetServer server = TestHost.CreateServer(o =>
        {
            o.TickRate = 0;
            o.ListenTcp("127.0.0.1", 0, l =>
            {
                l.SendBufferBytes = 4096;
                l.MaxSendQueueBytes = 64 * 1024 * 1024;
                l.MaxBodyBytes = 8 * 1024 * 1024;
                l.CloseTimeout = TimeSpan.FromMilliseconds(300);
                l.UseRawProtocol(() => new RawFramer(8 * 1024 * 1024), (session, body) => session.SendRaw(new byte[8 * 1024 * 1024]));
            });
        });
        var closed = new TaskCompletionSource<CloseInfo>();
        server.OnClosed((session, info) => closed.TrySetResult(info));
        server.Start();
        using Socket socket = await ConnectAsync(server);
        await socket.SendAsync("x"u8.ToArray());
        socket.Shutdown(SocketShutdown.Send);
        await closed.Task.WaitAsync(TestHost.Patience);

        // The stop waits for the connection, which the close timeout ends.
        await TestHost.StopAndCheckAsync(server);
        Assert.That(server.GetStatistics().Iterations, Is.LessThan(200));
    }

    [Test]
    public async Task PausedConnection_ResetByItsPeer_DoesNotSpin()
    {
        using var blocked = new ManualResetEventSlim();
        var handling = new TaskCompletionSource();
        NetServer server = TestHost.CreateServer(o =>
        {
            o.HandlerMode = HandlerMode.Dedicated;
            o.TickRate = 100;
            o.MaxInboxMessages = 1;
            o.ListenTcp("127.0.0.1", 0, l => l.UseRawProtocol(() => DelimitedFramer.Lines(16), (session, body) =>
            {
                handling.TrySetResult();
                blocked.Wait();
            }));
        });
        server.Start();
        using (Socket socket = await ConnectAsync(server))
        {
            await socket.SendAsync("a\nb\nc\nd\n"u8.ToArray());
            await handling.Task.WaitAsync(TestHost.Patience);
            SpinWait.SpinUntil(() => server.GetStatistics().ReadPauses > 0, TestHost.Patience);
            socket.LingerState = new LingerOption(true, 0);
        }

        // The ticks, all of them skipped, measure the time.
        LoopStatistics before = server.GetStatistics();
        SpinWait.SpinUntil(() => server.GetStatistics().TicksSkipped >= before.TicksSkipped + 20, TestHost.Patience);
        long iterations = server.GetStatistics().Iterations - before.Iterations;
        blocked.Set();
        await TestHost.StopAndCheckAsync(server);
        Assert.That(iterations, Is.LessThan(100));
    }

    [Test]
    public async Task Receive_FramerWaitsBeyondItsOwnLimit_CostsItsOwnConnectionOnly()
    {
        var closed = new TaskCompletionSource<CloseInfo>();
        NetServer server = TestHost.CreateServer(o =>
        {
            o.ListenTcp("127.0.0.1", 0, l => l.UseRawProtocol(() => DelimitedFramer.Lines(1_024), (session, line) => session.SendRaw(line)));
            o.ListenTcp("127.0.0.1", 0, l => l.UseRawProtocol(() => new PatientFramer(), (_, _) => { }));
        });
        server.OnClosed((_, info) => closed.TrySetResult(info));
        server.Start();
        var innocents = new List<Socket>();
        for (int i = 0; i < 10; i++)
        {
            // Once the first line has been echoed, the beginning of the second is in the buffer.
            innocents.Add(await ConnectAsync(server));
            await innocents[i].SendAsync("one\nhalf"u8.ToArray());
            Assert.That(await ReceiveAsync(innocents[i]), Is.EqualTo("one\n"));
        }

        using Socket attacker = await ConnectAsync(server, listener: 1);
        await attacker.SendAsync(new byte[3_000]);
        await attacker.SendAsync(new byte[10]);
        Assert.That((await closed.Task.WaitAsync(TestHost.Patience)).Reason, Is.EqualTo(CloseReason.FrameTooLarge));
        foreach (Socket innocent in innocents)
        {
            await innocent.SendAsync(" two\n"u8.ToArray());
            Assert.That(await ReceiveAsync(innocent), Is.EqualTo("half two\n"));
            innocent.Dispose();
        }

        attacker.Dispose();
        await TestHost.StopAndCheckAsync(server);
    }

    private static async Task<string> ReceiveAsync(Socket socket)
    {
        byte[] buffer = new byte[64];
        return Encoding.UTF8.GetString(buffer, 0, await socket.ReceiveAsync(buffer).WaitAsync(TestHost.Patience));
    }

    private static async Task<Socket> ConnectAsync(NetServer server, int listener = 0)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, server.Endpoints[listener].Port)).WaitAsync(TestHost.Patience);
        return socket;
    }

    /// <summary>Always asks for more, whatever its limit says.</summary>
    private sealed class PatientFramer : IFramer
    {
        public int MaxBodyBytes => 1_024;

        public int HeaderBytes => 0;

        public ReadOnlySpan<byte> Trailer => default;

        public FrameStatus TryRead(ReadOnlySpan<byte> received, out FrameBounds frame)
        {
            frame = default;
            return FrameStatus.Incomplete;
        }

        public void WriteHeader(Span<byte> header, int bodyBytes)
        {
        }
    }
}
