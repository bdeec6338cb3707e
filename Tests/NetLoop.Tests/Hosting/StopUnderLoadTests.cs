using System.Net.Sockets;
using NetLoop.Tests.Sessions;
using NUnit.Framework;

namespace NetLoop.Tests.Hosting;

/// <summary>A stop while clients send requests without pause: every request that was handled gets its response before Goodbye.</summary>
public sealed class StopUnderLoadTests
{
    private const int Clients = 4;
    private const int RequestsInAWrite = 100;
    private const int HandledBeforeTheStop = 2_000;

    [Test]
    public async Task StopAsync_RequestsArriveWithoutPause_EveryHandledOneIsAnswered(
        [Values("loop", "dedicated", "offload", "async", "dedicated async")] string mode,
        [Values(1, 2)] int loops)
    {
        if (loops > 1 && !OperatingSystem.IsLinux())
        {
            Assert.Ignore("Several loops need Linux.");
        }

        int[] handled = new int[Clients];
        NetServer server = TestHost.CreateServer(o =>
        {
            o.Loops = loops;
            o.HandlerMode = mode.StartsWith("dedicated", StringComparison.Ordinal) ? HandlerMode.Dedicated : HandlerMode.Loop;

            // On a busy machine, no client may be reset for being slow.
            o.DrainTimeout = 4 * TestHost.Patience;
            o.ListenTcp("127.0.0.1", 0, listener =>
            {
                listener.CloseTimeout = 2 * TestHost.Patience;
                listener.IdleTimeout = TimeSpan.Zero;
            });
        });
        Register(server, mode, handled);
        server.Start();
        RawClient[] connections = [.. Enumerable.Range(0, Clients).Select(_ => RawClient.Open(server))];
        Task<List<object?[]>>[] reading =
        [
            .. connections.Select((connection, client) => Task.Factory.StartNew(() => Load(connection, client), TaskCreationOptions.LongRunning))
        ];
        Assert.That(SpinWait.SpinUntil(() => handled.Sum() >= HandledBeforeTheStop, TestHost.Patience), Is.True, "no load");
        await server.StopAsync().WaitAsync(TestHost.Patience);
        List<object?[]>[] received = await Task.WhenAll(reading).WaitAsync(TestHost.Patience);
        for (int client = 0; client < Clients; client++)
        {
            List<object?[]> bodies = received[client];
            object?[] goodbye = bodies[^1];
            Assert.That(goodbye[1], Is.EqualTo(Wire.Goodbye));
            Assert.That(((object?[])goodbye[2]!)[0], Is.EqualTo((long)CloseReason.ServerStopping));
            IEnumerable<object?> answered = bodies.Where(body => body[0] is 1L).Select(body => body[1]); // The server's Pings are requests.
            Assert.That(answered.Distinct().Count(), Is.EqualTo(handled[client]), $"client {client}: handled and answered");
        }

        Assert.That(server.GetStatistics().ResponsesLost, Is.Zero);
    }

    private static void Register(NetServer server, string mode, int[] handled)
    {
        if (mode.EndsWith("async", StringComparison.Ordinal))
        {
            server.OnRequest<Divide, Quotient>(async (Session session, Divide divide) =>
            {
                await Task.Yield();
                return Handle(divide, handled);
            });
        }
        else
        {
            server.OnRequest<Divide, Quotient>((session, in divide) => Handle(divide, handled), mode == "offload" ? new OffloadOptions { Workers = 2 } : null);
        }
    }

    private static Quotient Handle(in Divide divide, int[] handled)
    {
        Interlocked.Increment(ref handled[(int)divide.By - 1]);
        return new Quotient(divide.Value);
    }

    /// <summary>Sends requests until the server closes, and reads until the end.</summary>
    private static List<object?[]> Load(RawClient connection, int client)
    {
        var sending = new Thread(() => Send(connection, client));
        sending.Start();
        List<object?[]> bodies = connection.ReadToEnd();
        connection.Dispose();
        sending.Join();
        return bodies;
    }

    private static void Send(RawClient connection, int client)
    {
        try
        {
            for (uint next = 0; ; next += RequestsInAWrite)
            {
                connection.Send(
                    Wire.Join(
                        [
                            .. Enumerable.Range(0, RequestsInAWrite).Select(
                                i => Wire.Frame(Wire.Request, next + (uint)i, 71, Wire.Array((double)i, client + 1.0)))
                        ]));
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            // The server has stopped.
        }
    }
}
