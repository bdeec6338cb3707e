using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;
using NUnit.Framework;

namespace NetLoop.Tests.Demo.Server;

/// <summary>
/// A server in a small container under attack: it keeps running, its memory is limited and decreases again, and honest players are not affected.
/// </summary>
public sealed class MemoryAttackTests
{
    private const long ContainerBytes = 256L << 20;

    /// <summary>The runtime's limit for its heap in such a container: three quarters. The buffers get a quarter of that.</summary>
    private const long HeapBytes = ContainerBytes / 4 * 3;
    private const long BufferBytes = HeapBytes / 4;

    /// <summary>
    /// Memory of a server under attack in addition to its buffers: the runtime and its code, about 55 MB, and the objects of a few thousand connections.
    /// </summary>
    private const long OtherBytes = 112L << 20;

    private const int Bots = 10;

    /// <summary>The smallest receive buffer, so that the kernel stores little for a client that does not read.</summary>
    private const int LittleRoom = 4_096;

    private static readonly byte[] Hello = Frame([0x94, 0, 1, 1, 0x94, 1, 0, 0xC0, 0xC0]);
    private static readonly byte[] Blob = [0x93, 2, 0xCC, 103, 0x91, .. Header(0xC6, 60_000), .. new byte[60_000]];
    private static readonly byte[] Say = [0x93, 2, 0xCC, 102, 0x91, .. Header(0xDB, 30_000), .. Enumerable.Repeat((byte)'y', 30_000)];

    private static readonly byte[] Upgrade = Encoding.ASCII.GetBytes(
        "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
            + "dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");

    private int _tcp;
    private int _ws;

    [Test]
    public async Task Server_InAContainerOf256MiBUnderAttack_HoldsAndHonestBotsNoticeNothing()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Ignore("Reads the process's memory from /proc, which is Linux's.");
        }

        using MemoryCgroup? container = MemoryCgroup.TryCreate(ContainerBytes);
        TestContext.Out.WriteLine(container is null ? "no cgroup can be made here: a heap limit stands in" : "in a cgroup of its own");
        await using ChildProcess server = Start(container);
        _tcp = await server.ExpectPortAsync("listening on tcp");
        _ws = await server.ExpectPortAsync("listening on ws");
        await using ChildProcess bots = ChildProcess.NetLoop("bots", "--connect", $"tcp://127.0.0.1:{_tcp}", "--count", $"{Bots}", "--json");
        while (!(await server.ExpectAsync("00:00:")).Contains($" sessions {Bots} ", StringComparison.Ordinal))
        {
        }

        Attack("unfinished frames", server, () => OnTcp(4_000, 0), attackers => attackers.Flood([.. Header(65_500), .. new byte[65_400]], 1, Soon(3)));
        Attack("slow readers", server, () => OnTcp(2_000, LittleRoom), attackers => attackers.Flood(Frame(Blob), 10, Soon(3)));
        Attack("slow WebSockets", server, () => OnWebSocket(1_500, LittleRoom), attackers => attackers.Flood(WebSocketFrame(0x82, Blob), 10, Soon(3)));
        byte[] fragments =
        [
            .. WebSocketFrame(0x02, new byte[60]), .. Enumerable.Repeat(WebSocketFrame(0, new byte[60]), 1_000).SelectMany(static frame => frame)
        ];
        Attack("fragments", server, () => OnWebSocket(1_000, 0), attackers => attackers.Flood(fragments, 1, Soon(2)));
        byte[] line = Encoding.ASCII.GetBytes(new string('h', 7_900));
        Attack(
            "unfinished upgrades",
            server,
            () => new Attackers(_ws, 2_000, "GET / HTTP/1.1\r\nX: "u8.ToArray(), isAnswered: false, 0),
            attackers => attackers.Flood(line, 1, Soon(2)));
        Attack("broadcasts to those who do not read", server, () => OnTcp(1_000, LittleRoom), _ => Broadcast());

        await bots.SignalAsync("TERM");
        ProcessResult played = await bots.EndAsync();
        await server.SignalAsync("TERM");
        ProcessResult served = await server.EndAsync();
        Assert.Multiple(() =>
        {
            using var summary = JsonDocument.Parse(played.Output[^1]);
            Assert.That(summary.RootElement.GetProperty("lost").GetInt64(), Is.Zero, played.Output[^1]);
            Assert.That(summary.RootElement.GetProperty("connected").GetInt32(), Is.EqualTo(Bots), played.Output[^1]);
            Assert.That(played.ExitCode, Is.Zero, played.Errors);
            Assert.That(served.ExitCode, Is.Zero, served.Errors);
        });
    }

    private static ChildProcess Start(MemoryCgroup? container)
    {
        string[] arguments = ["server", "--tcp", "127.0.0.1:0", "--ws", "127.0.0.1:0"];
        if (container is null)
        {
            return ChildProcess.NetLoopWith("DOTNET_GCHeapHardLimit", HeapBytes.ToString("X", CultureInfo.InvariantCulture), arguments);
        }

        string program = Path.Combine(AppContext.BaseDirectory, "netloop.dll");
        return ChildProcess.Start("sh", ["-c", $"echo $$ > {container.Members} && exec dotnet \"$0\" \"$@\"", program, .. arguments]);
    }

    private static DateTime Soon(double seconds) => DateTime.UtcNow.AddSeconds(seconds);

    private static byte[] Header(int length)
    {
        byte[] header = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(header, length);
        return header;
    }

    private static byte[] Header(byte code, int length) => [code, .. Header(length)];

    private static byte[] Frame(byte[] body) => [.. Header(body.Length), .. body];

    /// <summary>Returns a client's frame, with a mask of zeros.</summary>
    private static byte[] WebSocketFrame(byte first, byte[] payload) => payload.Length < 126
        ? [first, (byte)(0x80 | payload.Length), 0, 0, 0, 0, .. payload]
        : [first, 0xFE, (byte)(payload.Length >> 8), (byte)payload.Length, 0, 0, 0, 0, .. payload];

    private static long Memory(ChildProcess process, string field)
    {
        string line = File.ReadLines($"/proc/{process.Id}/status").First(line => line.StartsWith(field, StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }

    private static void Attack(string name, ChildProcess server, Func<Attackers> begin, Action<Attackers> attack)
    {
        using Attackers attackers = begin();
        attack(attackers);
        long most = Memory(server, "VmHWM:");
        TestContext.Out.WriteLine($"{name}: {Memory(server, "VmRSS:") >> 20} MiB, at most {most >> 20} MiB so far");
        Assert.That(most, Is.LessThanOrEqualTo(BufferBytes + OtherBytes), name);
    }

    private Attackers OnTcp(int count, int receiveBufferBytes) => new(_tcp, count, Hello, isAnswered: true, receiveBufferBytes);

    private Attackers OnWebSocket(int count, int receiveBufferBytes) =>
        new(_ws, count, [.. Upgrade, .. WebSocketFrame(0x82, Hello[4..])], isAnswered: true, receiveBufferBytes);

    private void Broadcast()
    {
        using Attackers speaker = OnTcp(1, 0);
        byte[] say = Frame(Say);
        DateTime end = Soon(3);
        for (int i = 1; i <= 40 && DateTime.UtcNow < end; i++)
        {
            speaker.Flood(say, i, end);
        }
    }
}
