using NetLoop.Tests.Hosting;
using NetLoop.Tests.MessagePack;
using NetLoop.Tests.Sessions;
using NUnit.Framework;

namespace NetLoop.Tests.Handlers;

/// <summary>Messages that wait for handlers are counted by their size in memory, not by their size on the wire.</summary>
public sealed class HeldMemoryTests : ServerFixture
{
    private const int Clients = 4;
    private const int FrameBytes = 64 * 1_024;
    private const int MaxHeldBytes = 1_024 * 1_024;

    // A message is accepted if there is room for one byte of it.
    private const long MaxMessageBytes = 96L * FrameBytes;
    private const long MaxTotalBytes = MaxHeldBytes + MaxMessageBytes + (Clients * (MaxHeldBytes + MaxMessageBytes));

    // The most memory that a message may take: 65 bytes for each byte.
    private static readonly byte[] Frame = Wire.Framed(
    [
        0x93, Wire.Message, 0x63, 0x91, 0xDC, 0x2E, 0xE0, .. Enumerable.Repeat<byte[]>([0x91, 0xA3, 0x42, 0x6F, 0x62], 12_000).SelectMany(bytes => bytes),
    ]);

    [Test]
    public void Handle_MessagesLargerThanTheirBytes_HoldNoMoreThanTheLimits([Values("async", "offload", "dedicated")] string how)
    {
        using var gate = new ManualResetEventSlim();
        var opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Start(
            configure: o => o.HandlerMode = how == "dedicated" ? HandlerMode.Dedicated : HandlerMode.Loop,
            handlers: server =>
            {
                if (how == "async")
                {
                    server.On<Horde>(async (Session session, Horde horde) =>
                    {
                        await opened.Task;
                        GC.KeepAlive(horde);
                    });
                }
                else
                {
                    server.On<Horde>(
                        (session, in horde) =>
                        {
                            gate.Wait(TestHost.Patience);
                            GC.KeepAlive(horde);
                        },
                        how == "offload" ? new OffloadOptions { Workers = 1, Capacity = 1_000 } : null);
                }
            });
        RawClient[] clients = [.. Enumerable.Range(0, Clients).Select(_ => RawClient.Open(Server))];
        Session[] sessions = [.. clients.Select(_ => NextOpened())];
        long before = GC.GetTotalMemory(forceFullCollection: true);
        Thread[] senders = [.. clients.Select(client => new Thread(() => Flood(client)))];
        foreach (Thread sender in senders)
        {
            sender.Start();
        }

        // The first session fills the inbox of a dedicated thread; with asynchronous handlers, each session has its own limit.
        WaitUntil(
            () => how == "dedicated" ? Server.Core.Inbox.HeldBytes >= MaxHeldBytes : sessions.All(session => session.PendingBytes >= MaxHeldBytes),
            "nothing waits");
        long[] held = OnLoop(() => sessions.Select(session => session.PendingBytes).Append(Server.Core.Inbox.HeldBytes).ToArray());
        long taken = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.That(held, Has.All.LessThanOrEqualTo(MaxHeldBytes + MaxMessageBytes));
        Assert.That(taken, Is.LessThan(MaxTotalBytes), "all that is held, and everything else");

        // Messages that were held back are read once there is room; no memory stays counted.
        gate.Set();
        opened.SetResult();
        foreach (Thread sender in senders)
        {
            sender.Join();
        }

        foreach (RawClient client in clients)
        {
            client.Sync();
        }

        WaitUntil(() => Server.Core.Inbox.HeldBytes == 0 && sessions.All(session => session.PendingBytes == 0), "memory stays counted");
        foreach (RawClient client in clients)
        {
            client.Dispose();
        }
    }

    [Test]
    public void Handle_MessagesSmallerThanTheirBytes_CountAsTheirBytes()
    {
        using var gate = new ManualResetEventSlim();
        Start(
            configure: o => o.HandlerMode = HandlerMode.Dedicated,
            handlers: server => server.On<PlayerMove>((session, in move) => gate.Wait(TestHost.Patience)));
        using RawClient client = RawClient.Open(Server);
        byte[] body = [0x93, Wire.Message, 70, 0x96, 0x01, .. new byte[] { 0xCA, 0, 0, 0, 0, 0xCA, 0, 0, 0, 0, 0xCA, 0, 0, 0, 0, 0xCA, 0, 0, 0, 0 }, 0x05];
        client.Send(Wire.Framed(body));
        WaitUntil(() => Server.Core.Inbox.HeldBytes > 0, "nothing came");
        Assert.That(OnLoop(() => Server.Core.Inbox.HeldBytes), Is.EqualTo(body.Length));
        gate.Set();
    }

    private static void Flood(RawClient client)
    {
        for (int i = 0; i < 20; i++)
        {
            client.Send(Frame);
        }
    }
}

/// <summary>Many on the wire, and more in memory.</summary>
[NetMessage(99)]
internal sealed partial class Horde
{
    [Key(0)] public List<Hero> Heroes { get; set; } = [];
}
