using System.Net.Sockets;
using NetLoop.Tests.Sessions;
using NUnit.Framework;

namespace NetLoop.Tests.Hosting;

/// <summary>A thousand hostile clients beside twenty honest ones. The honest clients lose nothing, and the hostile ones leave nothing behind.</summary>
public sealed class StormTests
{
    private const int Seed = 20_261_123;
    private const int Hostiles = 1000;
    private const int Attackers = 4;
    private const int Bots = 20;
    private const int RequestsPerBot = 200;
    private const long MaxBufferBytes = 8 * 1024 * 1024;

    [TestCase(HandlerMode.Loop)]
    [TestCase(HandlerMode.Dedicated)]
    public async Task Storm_HostileClientsOfEveryKind_HarmNobody(HandlerMode mode)
    {
        int socketsBefore = OpenSockets();
        NetServer server = TestHost.CreateServer(o =>
        {
            o.HandlerMode = mode;
            o.MaxBufferBytes = MaxBufferBytes;
            o.MaxOpeningConnections = 64;
            o.ListenTcp("127.0.0.1", 0, listener =>
            {
                listener.SendBufferBytes = 4096;
                listener.CloseTimeout = TimeSpan.FromMilliseconds(500);
            });
        });
        server.OnRequest<Divide, Quotient>((session, in divide) => new Quotient(divide.Value / divide.By));
        server.On<Numbered>((session, in numbered) => session.Send(numbered));
        server.On<Blob>((session, in blob) => session.Send(blob));
        server.Start();

        await using (EventLoop loop = EventLoop.Start(o => o.BufferDiagnostics = true))
        {
            Bot[] bots = await Task.WhenAll(Enumerable.Range(0, Bots).Select(_ => Bot.ConnectAsync(server, loop))).WaitAsync(TestHost.Patience);
            Task[] attacks = [.. Enumerable.Range(0, Attackers).Select(attacker => Task.Factory.StartNew(
                () => Attack(server, attacker), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
            Task[] playing = [.. bots.Select(bot => bot.PlayAsync())];
            await Task.WhenAll(attacks).WaitAsync(2 * TestHost.Patience);
            await Task.WhenAll(playing).WaitAsync(2 * TestHost.Patience);

            Assert.Multiple(() =>
            {
                foreach (Bot bot in bots)
                {
                    Assert.That(bot.Answers, Is.EqualTo(RequestsPerBot), "answers");
                    Assert.That(bot.Echoes, Is.EqualTo(Enumerable.Range(0, RequestsPerBot)), "echoes");
                    Assert.That(bot.Client.Session.Status, Is.EqualTo(SessionStatus.Open), "a bot was thrown out");
                }

                Assert.That(server.GetStatistics().Buffers.SlabBytes, Is.LessThanOrEqualTo(MaxBufferBytes));
            });
            foreach (Bot bot in bots)
            {
                await bot.Client.DisposeAsync();
            }
        }

        await TestHost.StopAndCheckAsync(server);
        Assert.That(OpenSockets(), Is.LessThanOrEqualTo(socketsBefore), "sockets left");
    }

    private static int OpenSockets()
    {
        if (!OperatingSystem.IsLinux())
        {
            return 0;
        }

        int sockets = 0;
        foreach (string path in Directory.GetFiles("/proc/self/fd"))
        {
            try
            {
                sockets += File.ResolveLinkTarget(path, returnFinalTarget: false)?.Name.StartsWith("socket:", StringComparison.Ordinal) == true ? 1 : 0;
            }
            catch (IOException)
            {
                // The descriptor with which the directory was listed is closed by now.
            }
        }

        return sockets;
    }

    private static void Attack(NetServer server, int attacker)
    {
        var random = new Random(Seed + attacker);
        var crowd = new Queue<RawClient>();
        for (int i = 0; i < Hostiles / Attackers; i++)
        {
            try
            {
                var client = new RawClient(server, receiveBufferBytes: 4096);
                client.Socket.SendTimeout = 1000;
                crowd.Enqueue(client);
                Misbehave(client, random);
            }
            catch (SocketException)
            {
                // The server ended the session; other tests check that.
            }

            while (crowd.Count > 20)
            {
                Leave(crowd.Dequeue(), random);
            }
        }

        while (crowd.TryDequeue(out RawClient? client))
        {
            Leave(client, random);
        }
    }

    private static void Misbehave(RawClient client, Random random)
    {
        byte[] bytes = new byte[random.Next(1, 3000)];
        random.NextBytes(bytes);
        bool saysHello = random.Next(4) != 0;
        if (saysHello)
        {
            client.Send(Wire.HelloFrame());
        }

        switch (random.Next(7))
        {
            case 0: // random bytes
                client.Send(bytes);
                break;

            case 1: // a huge frame, announced and half sent
                client.Send(Wire.Join([0, 0, 0xFF, 0xFF], new byte[random.Next(60_000)]));
                break;

            case 2: // one byte at a time
                foreach (byte part in Wire.Frame(Wire.Message, 74, Wire.Array(1, bytes[..Math.Min(bytes.Length, 50)])))
                {
                    client.Send(part);
                }

                break;

            case 3: // never reads, and asks for as much as it can get
                byte[] greedy = Wire.Frame(Wire.Message, 73, Wire.Array(new byte[60_000]));
                for (int i = 0; i < 12; i++)
                {
                    client.SendIgnoringReset(greedy);
                }

                break;

            case 4: // well-formed garbage
                client.Send(Wire.Framed(bytes));
                break;

            case 5: // half-close with a request under way
                client.Send(Wire.Frame(Wire.Request, 1, 71, Wire.Array(1.0, 2.0)));
                client.HalfClose();
                break;

            default: // says nothing (more)
                break;
        }
    }

    private static void Leave(RawClient client, Random random)
    {
        if (random.Next(2) == 0)
        {
            client.Reset();
        }

        client.Dispose();
    }

    private sealed class Bot
    {
        private readonly TaskCompletionSource _echoed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public NetClient Client { get; private set; } = null!;

        public int Answers { get; private set; }

        public List<int> Echoes { get; } = [];

        public static async Task<Bot> ConnectAsync(NetServer server, EventLoop loop)
        {
            var bot = new Bot();
            bot.Client = await TestHost.ConnectAsync(server, o =>
            {
                o.Loop = loop;
                o.Handlers = new HandlerTable().On<Numbered>((session, in numbered) => bot.OnEcho(numbered));
            });
            return bot;
        }

        public async Task PlayAsync()
        {
            byte[] filler = new byte[100];
            for (int i = 0; i < RequestsPerBot; i++)
            {
                Client.Send(new Numbered(i, filler));
                Quotient quotient = await Client.RequestAsync(new Divide(i, 2), TestHost.Patience).ConfigureAwait(false);
                Answers += quotient.Value == i / 2.0 ? 1 : 0;
            }

            await _echoed.Task.ConfigureAwait(false);
        }

        private void OnEcho(in Numbered numbered)
        {
            Echoes.Add(numbered.Number);
            if (Echoes.Count == RequestsPerBot)
            {
                _echoed.SetResult();
            }
        }
    }
}
