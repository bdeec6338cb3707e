using NetLoop.Tests.Demo;
using NetLoop.Tests.Hosting;
using NUnit.Framework;

namespace NetLoop.Tests.Transports.WebSockets;

/// <summary>Independent WebSocket implementations, each exchanging 10,000 messages of mixed sizes with NetLoop, in both directions.</summary>
[Parallelizable]
public sealed class IndependentPeerTests
{
    private const int Messages = 10_000;

    [TestCase("ws")]
    [TestCase("undici")]
    public async Task Node_Client_GetsEverythingBack(string library)
    {
        Node.RequireModule(library);
        await ExchangeWithClientAsync(url => ChildProcess.Start("node", PeerFile("ws_peer.cjs"), Node.Modules, library, url));
    }

    [Test]
    public async Task Python_Client_GetsEverythingBack()
    {
        string python = await RequirePythonAsync();
        await ExchangeWithClientAsync(url => ChildProcess.Start(python, PeerFile("websockets_peer.py"), url));
    }

    [Test]
    public async Task Node_Server_GivesEverythingBack()
    {
        Node.RequireModule("ws");
        await using ChildProcess server = ChildProcess.Start("node", PeerFile("ws_peer.cjs"), Node.Modules, "ws", "server");
        await ExchangeWithServerAsync(await server.ExpectPortAsync("port "));
    }

    [Test]
    public async Task Python_Server_GivesEverythingBack()
    {
        string python = await RequirePythonAsync();
        await using ChildProcess server = ChildProcess.Start(python, PeerFile("websockets_peer.py"), "server");
        await ExchangeWithServerAsync(await server.ExpectPortAsync("port "));
    }

    private static async Task ExchangeWithClientAsync(Func<string, ChildProcess> start)
    {
        NetServer server = TestHost.CreateServer(o => o.ListenWebSocket("127.0.0.1", 0, l =>
        {
            l.MaxSendQueueBytes = 8 << 20;
            l.UseRawProtocol((session, body) => session.SendRaw(body));
        }));
        server.Start();
        await using (ChildProcess client = start(server.Endpoints[0].ToUri()))
        {
            ProcessResult result = await client.EndAsync();
            Assert.That(result.Output, Is.EqualTo(new[] { $"received {Messages}, closed 4321 clean" }), result.ToString());
        }

        await TestHost.StopAndCheckAsync(server);
    }

    private static async Task ExchangeWithServerAsync(int port)
    {
        const int Window = 32;
        byte[] source = new byte[65_536];
        new Random(2).NextBytes(source);
        var done = new TaskCompletionSource();
        int sent = 0;
        int received = 0;

        // The envelope of a message and the header of its bytes leave this much of the longest frame.
        const int MaxBlob = 65_536 - 16;
        Blob Next(int i) => new(source[..Math.Min(MixedSizes.Of(i), MaxBlob)]);
        await using EventLoop loop = EventLoop.Start();
        await using NetClient client = await NetClient.ConnectAsync($"ws://127.0.0.1:{port}", o =>
        {
            o.Loop = loop;
            o.Hello = HelloMode.None;
            o.MaxSendQueueBytes = 8 << 20;
            o.Handlers = new HandlerTable().On<Blob>((session, in blob) =>
            {
                if (!blob.Bytes.AsSpan().SequenceEqual(Next(received).Bytes))
                {
                    done.TrySetException(new AssertionException($"message {received} came back changed"));
                    return;
                }

                received++;
                if (received == Messages)
                {
                    done.TrySetResult();
                }
                else if (sent < Messages)
                {
                    session.Send(Next(sent++));
                }
            });
        }).WaitAsync(TestHost.Patience);

        // On the client's loop, on which the handler counts too.
        loop.Post(() =>
        {
            while (sent < Window)
            {
                client.Send(Next(sent++));
            }
        });
        await done.Task.WaitAsync(TestHost.Patience);
    }

    private static string PeerFile(string name) => Path.Combine(Repository.Root, "Tests/NetLoop.Tests/Transports/WebSockets/Peers", name);

    private static async Task<string> RequirePythonAsync()
    {
        foreach (string python in new[] { "/usr/bin/python3", "python3" })
        {
            try
            {
                if ((await ChildProcess.RunAsync(python, "-c", "import websockets")).ExitCode == 0)
                {
                    return python;
                }
            }
            catch (System.ComponentModel.Win32Exception)
            {
                // Not installed; try the next one.
            }
        }

        Assert.Ignore("python3-websockets is not installed");
        return "";
    }
}
