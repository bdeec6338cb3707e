using System.Net.WebSockets;
using NetLoop.Tests.Hosting;
using NUnit.Framework;

namespace NetLoop.Tests.Transports.WebSockets;

/// <summary>.NET's own WebSocket client, with a listener for a raw protocol that echoes everything.</summary>
public sealed class ClientWebSocketTests
{
    private const int Messages = 10_000;

    private NetServer _server = null!;

    [SetUp]
    public void StartServer()
    {
        _server = TestHost.CreateServer(o => o.ListenWebSocket("127.0.0.1", 0, l => l.UseRawProtocol((session, body) => session.SendRaw(body))));
        _server.Start();
    }

    [TearDown]
    public Task StopServer() => TestHost.StopAndCheckAsync(_server);

    [Test]
    public async Task Send_TenThousandMessagesOfMixedSizes_ComeBack()
    {
        using var client = new ClientWebSocket();
        await client.ConnectAsync(new Uri(_server.Endpoints[0].ToUri()), CancellationToken.None).WaitAsync(TestHost.Patience);
        byte[] sent = new byte[65_536];
        new Random(1).NextBytes(sent);
        byte[] received = new byte[sent.Length];
        for (int i = 0; i < Messages; i++)
        {
            int length = MixedSizes.Of(i);
            await client.SendAsync(sent.AsMemory(0, length), WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
            int count = 0;
            ValueWebSocketReceiveResult result;
            do
            {
                result = await client.ReceiveAsync(received.AsMemory(count), CancellationToken.None);
                count += result.Count;
            }
            while (!result.EndOfMessage);

            if (count != length || !received.AsSpan(0, count).SequenceEqual(sent.AsSpan(0, length)))
            {
                Assert.Fail($"message {i} of {length} bytes came back as {count} bytes");
            }
        }

        await client.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", CancellationToken.None).WaitAsync(TestHost.Patience);
        Assert.That(client.CloseStatus, Is.EqualTo(WebSocketCloseStatus.NormalClosure));
    }
}
