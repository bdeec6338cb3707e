using System.Net.Sockets;
using NetLoop.Tests.Sessions;
using NUnit.Framework;

namespace NetLoop.Tests.Hosting;

/// <summary>
/// Bytes that handlers borrow: valid until the handler returns, never overwritten by other input, and copied for handlers that run elsewhere.
/// </summary>
public sealed class BorrowingTests : ServerFixture
{
    /// <summary>The message type of <see cref="Lent"/>.</summary>
    private const byte LentType = 75;

    [Test]
    public async Task Loop_ManyClientsAndSizes_EachGetsItsOwnBytesBack()
    {
        const int Clients = 5;
        const int Messages = 200;
        Start(handlers: server => server.On<Lent>((session, in lent) => session.Send(lent)));
        var all = new List<Task>();
        for (int i = 0; i < Clients; i++)
        {
            all.Add(EchoAsync(seed: i, Messages));
        }

        await Task.WhenAll(all).WaitAsync(TestHost.Patience);
    }

    [Test]
    public void Loop_AfterTheHandlerReturned_ALookThrows()
    {
        BorrowedBytes kept = default;
        byte[] copied = [];
        Start(handlers: server => server.On<Lent>((session, in lent) =>
        {
            kept = lent.Bytes;
            copied = lent.Bytes.ToArray();
        }));
        using RawClient client = RawClient.Open(Server);
        client.Send(Frames(1, bytes: 3));
        client.Sync();
        Assert.That(OnLoop(() => copied), Is.EqualTo(new byte[3]));
        Assert.That(OnLoop(() => Looks(kept)), Is.False);
    }

    [TestCase("asynchronous")]
    [TestCase("offloaded")]
    [TestCase("dedicated")]
    public void Elsewhere_AfterTheHandlerReturned_TheCopyIsStillThere(string where)
    {
        BorrowedBytes kept = default;
        using var done = new ManualResetEventSlim();
        Start(
            configure: o => o.HandlerMode = where == "dedicated" ? HandlerMode.Dedicated : HandlerMode.Loop,
            handlers: server =>
            {
                if (where == "asynchronous")
                {
                    server.On<Lent>(async (session, lent) =>
                    {
                        await Task.Yield();
                        kept = lent.Bytes;
                        done.Set();
                    });
                    return;
                }

                server.On<Lent>(
                    (session, in lent) =>
                    {
                        kept = lent.Bytes;
                        done.Set();
                    },
                    where == "offloaded" ? new OffloadOptions() : null);
            });
        using RawClient client = RawClient.Open(Server);
        client.Send(Frames(1, bytes: 3));
        Assert.That(done.Wait(TestHost.Patience), Is.True);
        client.Sync();
        Assert.That(OnLoop(() => kept.ToArray()), Is.EqualTo(new byte[3]));
    }

    [Test]
    public void Loop_HandlersThatOutlastTheirTurn_KeepWhatTheyBorrow()
    {
        // Each message takes longer than a turn may, so one batch is handled in each iteration while other connections have input too.
        const int Connections = 3;
        const int Messages = 200;
        int handled = 0;
        int wrong = 0;
        NetServer server = NetServer.Create(o =>
        {
            o.TickRate = 0;
            o.TimeProvider = Time;
            o.ListenTcp("127.0.0.1", 0, l => l.Hello = HelloMode.None);
        });
        server.On<Lent>((session, in lent) =>
        {
            Time.Advance(TimeSpan.FromMilliseconds(5));
            handled++;
            wrong += lent.Bytes.Length == 20 && lent.Bytes.Span.IndexOfAnyExcept((byte)lent.Number) < 0 ? 0 : 1;
        });
        server.Open();
        TcpClient[] clients = [.. Enumerable.Range(0, Connections).Select(_ => new TcpClient("127.0.0.1", server.Endpoints[0].Port))];
        foreach (TcpClient client in clients)
        {
            client.Client.Send(Frames(Messages, bytes: 20));
        }

        for (int i = 0; i < 10_000 && handled < Connections * Messages; i++)
        {
            server.Core.RunIteration();
        }

        Array.ForEach(clients, client => client.Dispose());
        server.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Assert.That(handled, Is.EqualTo(Connections * Messages));
        Assert.That(wrong, Is.Zero);
    }

    private static bool Looks(BorrowedBytes bytes)
    {
        try
        {
            return bytes.Span.Length >= 0;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Creates messages from number 0, each filled with its number.</summary>
    private static byte[] Frames(int count, int bytes)
    {
        using var frames = new MemoryStream();
        for (int number = 0; number < count; number++)
        {
            byte[] filler = new byte[bytes];
            filler.AsSpan().Fill((byte)number);
            byte[] body = [0x93, 2, LentType, .. NetMessagePack.Serialize(new Lent(number, filler))];
            frames.Write([0, 0, 0, (byte)body.Length, .. body]);
        }

        return frames.ToArray();
    }

    private async Task EchoAsync(int seed, int messages)
    {
        // Frames of all sizes: several in one receive, and cut at any point.
        var random = new Random(seed);
        byte[][] sent = [.. Enumerable.Range(0, messages).Select(_ => new byte[random.Next(1, random.Next(2, 5_000))])];
        Array.ForEach(sent, random.NextBytes);
        var all = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        int right = 0;
        await using NetClient client = await TestHost.ConnectAsync(Server, o => o.Handlers = new HandlerTable().On<Lent>((_, in lent) =>
        {
            right += lent.Bytes.Span.SequenceEqual(sent[lent.Number]) ? 1 : 0;
            if (lent.Number == sent.Length - 1)
            {
                all.SetResult(right);
            }
        }));
        for (int i = 0; i < sent.Length; i++)
        {
            client.Send(new Lent(i, sent[i]));
        }

        Assert.That(await all.Task, Is.EqualTo(messages));
    }
}
