using System.Runtime.Versioning;
using NetLoop.Tests.Demo;
using NUnit.Framework;

namespace NetLoop.Tests.Stack.Linux;

/// <summary>Whole programs over UDP between two network namespaces: loss, short packets, ICMP, NAT and no IPv6, by the real kernel.</summary>
[SupportedOSPlatform("linux")]
public sealed class UdpNamespaceTests
{
    private const string Port = "7777";

    private static string Address => $"udp://{Namespaces.FarAddress}:{Port}";

    /// <summary>Every fourth datagram is lost, in both directions.</summary>
    [Test]
    public async Task Talk_CableThatLosesAQuarter_LosesNothing()
    {
        using var namespaces = Namespaces.Create(needsFilter: true);
        namespaces.Filter(
            """
            table ip loss {
              chain out { type filter hook output priority 0; udp dport 7777 numgen random mod 100 < 25 drop; }
              chain in { type filter hook input priority 0; udp sport 7777 numgen random mod 100 < 25 drop; }
            }
            """);
        await using ChildProcess server = await StartServerAsync(namespaces);
        await AssertTalksAsync(namespaces, 60);
    }

    /// <summary>A cable whose packets are shorter than those of other paths, down to the least that a connection request needs.</summary>
    [TestCase(1_280)]
    [TestCase(1_400)]
    [TestCase(9_000)]
    public async Task Talk_CableWithOtherPackets_LosesNothing(int mtu)
    {
        using var namespaces = Namespaces.Create(mtu);
        await using ChildProcess server = await StartServerAsync(namespaces);
        await AssertTalksAsync(namespaces, 60);
    }

    /// <summary>The far machine says that the port is closed (ICMP), and a firewall says that it is forbidden.</summary>
    [TestCase("")]
    [TestCase("table ip f {\n chain out {\n type filter hook output priority 0\n udp dport 7777 reject with icmp type port-unreachable\n }\n }\n")]
    public async Task Connect_PortIsUnreachable_EndsAtOnceWithOneLine(string rules)
    {
        using var namespaces = Namespaces.Create(needsFilter: rules.Length > 0);
        if (rules.Length > 0)
        {
            namespaces.Filter(rules);
        }

        string folder = Directory.CreateTempSubdirectory("netloop-").FullName;
        try
        {
            string key = Path.Combine(folder, "key");
            string token = Path.Combine(folder, "token");
            ProcessResult made = await ChildProcess.RunNetLoopAsync("token", "--key", key, "--server", $"{Namespaces.FarAddress}:{Port}", "--out", token);
            Assert.That(made.ExitCode, Is.Zero, made.ToString());
            ProcessResult client = await RunAsync(namespaces.Near, "client", "--connect", Address, "--connect-token", token);
            Assert.That(client.ExitCode, Is.EqualTo(1), client.ToString());
            Assert.That(client.Errors.Trim().Split('\n'), Has.Length.EqualTo(1), client.ToString());
            Assert.That(client.Errors, Does.Contain("nobody listens on"), client.ToString());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>A NAT forgets a mapping and gives the client another port, from which the server does not know it: it ends, or connects again.</summary>
    [Test]
    public async Task Client_NatGivesItAnotherPort_NoticesAndTheServerGoesOn()
    {
        if (!File.Exists("/usr/sbin/conntrack"))
        {
            Assert.Ignore("There is no conntrack (package conntrack).");
        }

        using var namespaces = Namespaces.Create(needsFilter: true);
        namespaces.Filter(
            """
            table ip n {
              chain post {
                type nat hook postrouting priority 100
                udp dport 7777 masquerade to :50000-59999 fully-random
              }
            }

            """);
        await using ChildProcess server = await StartServerAsync(namespaces);
        await using ChildProcess client = ChildProcess.Start("ip", Namespaces.NetLoop(namespaces.Near, "client", "--connect", Address, "--name", "Ana"));
        await client.TypeAsync("before");
        await client.ExpectAsync("Ana: before");
        Namespaces.In(namespaces.Near, "conntrack", "-F");
        Task<ProcessResult> ended = client.EndedAsync();
        Task<string> heard = client.ExpectAsync("Ana: after");
        await client.TypeAsync("after");
        Task first = await Task.WhenAny(ended, heard).WaitAsync(ChildProcess.Deadline);
        if (first == ended)
        {
            ProcessResult end = await ended;
            Assert.That(end.ExitCode, Is.Not.Zero, end.ToString());
            Assert.That(end.Errors.Trim().Split('\n'), Has.Length.EqualTo(1), end.ToString());
        }

        await using ChildProcess another = ChildProcess.Start("ip", Namespaces.NetLoop(namespaces.Near, "client", "--connect", Address, "--name", "Bo"));
        await another.TypeAsync("hello");
        await another.ExpectAsync("Bo: hello");
    }

    [Test]
    public async Task Server_MachineWithoutIPv6_ServesIPv4AndSaysWhyItCannotServeIPv6()
    {
        using var namespaces = Namespaces.Create();
        Namespaces.In(namespaces.Far, "sh", "-c", "echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6");
        await using ChildProcess server = await StartServerAsync(namespaces);
        await AssertTalksAsync(namespaces, 5);
        ProcessResult refused = await RunAsync(namespaces.Far, "echo", "--udp", "[::1]:7778");
        Assert.That(refused.ExitCode, Is.Not.Zero, refused.ToString());
        Assert.That(refused.Errors.Trim().Split('\n'), Has.Length.EqualTo(1), refused.ToString());
    }

    private static async Task<ChildProcess> StartServerAsync(Namespaces namespaces)
    {
        ChildProcess server = ChildProcess.Start("ip", Namespaces.NetLoop(namespaces.Far, "server", "--udp", $"{Namespaces.FarAddress}:{Port}"));
        await server.ExpectAsync("listening on udp");
        return server;
    }

    /// <summary>A client says many things at once, so that packets are full, and hears each of them once and in order.</summary>
    private static async Task AssertTalksAsync(Namespaces namespaces, int lines)
    {
        await using ChildProcess client = ChildProcess.Start("ip", Namespaces.NetLoop(namespaces.Near, "client", "--connect", Address, "--name", "Ana"));
        await client.ExpectAsync("connected to ");
        string filler = new('x', 150);
        for (int i = 0; i < lines; i++)
        {
            await client.TypeAsync($"{i} {filler}");
        }

        for (int i = 0; i < lines; i++)
        {
            await client.ExpectAsync($"Ana: {i} x");
        }

        ProcessResult end = await client.EndAsync();
        Assert.That(end.ExitCode, Is.Zero, end.ToString());
        Assert.That(end.Output.Count(static line => line.StartsWith("Ana: ", StringComparison.Ordinal)), Is.EqualTo(lines));
    }

    private static async Task<ProcessResult> RunAsync(string name, params string[] arguments)
    {
        await using ChildProcess process = ChildProcess.Start("ip", Namespaces.NetLoop(name, arguments));
        return await process.EndAsync();
    }
}
