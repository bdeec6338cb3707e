using System.Globalization;
using NetLoop.Stack.Linux;
using NetLoop.Tests.Demo;
using NUnit.Framework;

namespace NetLoop.Tests.Stack.Linux;

/// <summary>Many servers that start to listen on one path at the same moment.</summary>
[TestFixture]
[Platform("Linux", Reason = "The lock is flock's.")]
public sealed class UnixPathRaceTests
{
    private string _directory = "";

    [SetUp]
    public void MakeDirectory() => _directory = Directory.CreateTempSubdirectory("netloop-").FullName;

    [TearDown]
    public void RemoveDirectory() => Directory.Delete(_directory, recursive: true);

    [TestCase(PollerKind.Epoll)]
    [TestCase(PollerKind.Select)]
    public void Listen_ManyAtOnceOnAStalePath_OneLivesAndTheNameLeadsToIt(PollerKind kind)
    {
        const int Rounds = 100;
        const int Servers = 6;
        for (int round = 0; round < Rounds; round++)
        {
            NetEndpoint endpoint = NetEndpoint.Unix(Path.Combine(_directory, round.ToString(CultureInfo.InvariantCulture)));
            LeaveStaleFile(endpoint);
            INetworkStack[] stacks = [.. Enumerable.Range(0, Servers).Select(_ => PlatformStacks.Create(kind))];
            SocketHandle[] listeners = new SocketHandle[Servers];
            SocketStatus[] statuses = new SocketStatus[Servers];
            using var start = new Barrier(Servers);
            Thread[] threads = [.. Enumerable.Range(0, Servers).Select(i => new Thread(() =>
            {
                start.SignalAndWait();
                statuses[i] = stacks[i].Listen(endpoint, 8, out listeners[i], out _);
            }))];
            Array.ForEach(threads, thread => thread.Start());
            Array.ForEach(threads, thread => thread.Join());

            Assert.That(statuses.Order(), Is.EqualTo(Enumerable.Repeat(SocketStatus.AddressInUse, Servers - 1).Prepend(SocketStatus.Ok)), $"round {round}");
            int winner = Array.IndexOf(statuses, SocketStatus.Ok);
            Assert.That(stacks[winner].Connect(endpoint, out SocketHandle client), Is.EqualTo(SocketStatus.Ok));
            SocketStatus accepted = stacks[winner].Accept(listeners[winner], out SocketHandle server, out _);
            while (accepted == SocketStatus.Ok && stacks[winner].Accept(listeners[winner], out SocketHandle other, out _) == SocketStatus.Ok)
            {
                // The others checked whether somebody listens.
                stacks[winner].Close(server, reset: true);
                server = other;
            }

            Assert.That(accepted, Is.EqualTo(SocketStatus.Ok), "the name leads to another");
            stacks[winner].Close(client, reset: true);
            stacks[winner].Close(server, reset: true);
            stacks[winner].RemoveUnixPath(endpoint);
            stacks[winner].Close(listeners[winner], reset: false);
        }

        Assert.That(Directory.EnumerateFileSystemEntries(_directory), Is.Empty, "neither sockets nor locks stay behind");
    }

    [Test]
    public async Task Echo_SeveralProcessesAtOnceOnAStalePath_OneServesAndTheOthersSaySo()
    {
        const int Servers = 4;
        string path = Path.Combine(_directory, "game.sock");
        LeaveStaleFile(NetEndpoint.Unix(path));
        ChildProcess[] servers = [.. Enumerable.Range(0, Servers).Select(_ => ChildProcess.NetLoop("echo", "--unix", path))];
        try
        {
            // All but one end by themselves.
            List<Task<ProcessResult>> ends = [.. servers.Select(server => server.EndedAsync())];
            while (ends.Count > 1)
            {
                Task<ProcessResult> end = await Task.WhenAny(ends).WaitAsync(ChildProcess.Deadline);
                ProcessResult loser = await end;
                Assert.That(loser.ExitCode, Is.EqualTo(2), loser.ToString());
                Assert.That(loser.Errors, Does.StartWith($"netloop: {path} ").And.Not.Contain("\n"));
                ends.Remove(end);
            }

            ProcessResult client = await ChildProcess.RunNetLoopAsync("client", "--connect", $"unix:{path}");
            Assert.That(client.ExitCode, Is.Zero, client.ToString());
            Assert.That(ends.Single().IsCompleted, Is.False, "the one that lives");
            Assert.That(File.Exists(path + ".lock"), Is.False);
        }
        finally
        {
            foreach (ChildProcess server in servers)
            {
                await server.DisposeAsync();
            }
        }
    }

    [Test]
    public void Listen_LockOfADeadProcess_IsFree()
    {
        NetEndpoint endpoint = NetEndpoint.Unix(Path.Combine(_directory, "game.sock"));
        File.WriteAllText(endpoint.Path + ".lock", "");
        LinuxStack stack = new();
        Assert.That(stack.Listen(endpoint, 4, out SocketHandle listener, out _), Is.EqualTo(SocketStatus.Ok));
        stack.RemoveUnixPath(endpoint);
        stack.Close(listener, reset: false);
        Assert.That(Directory.EnumerateFileSystemEntries(_directory), Is.Empty);
    }

    [Test]
    public void Listen_LockHeldByAnother_IsAddressInUse()
    {
        NetEndpoint endpoint = NetEndpoint.Unix(Path.Combine(_directory, "game.sock"));
        LinuxStack stack = new();
        using (UnixPathLock.TryTake(endpoint.Path, TimeSpan.Zero, out SocketStatus status))
        {
            Assert.That(status, Is.EqualTo(SocketStatus.Ok));
            UnixPathLock? second = UnixPathLock.TryTake(endpoint.Path, TimeSpan.Zero, out status);
            Assert.That((second, status), Is.EqualTo(((UnixPathLock?)null, SocketStatus.AddressInUse)));
            Assert.That(stack.Listen(endpoint, 4, out _, out _), Is.EqualTo(SocketStatus.AddressInUse));
        }

        Assert.That(stack.Listen(endpoint, 4, out SocketHandle listener, out _), Is.EqualTo(SocketStatus.Ok));
        stack.Close(listener, reset: false);
    }

    [Test]
    public void Listen_NoLockCanBeMade_ListensAndReplacesNothing()
    {
        NetEndpoint endpoint = NetEndpoint.Unix(Path.Combine(_directory, "game.sock"));
        Directory.CreateDirectory(endpoint.Path + ".lock");
        LinuxStack stack = new();
        Assert.That(stack.Listen(endpoint, 4, out SocketHandle listener, out _), Is.EqualTo(SocketStatus.Ok));
        stack.Close(listener, reset: false);
        Assert.That(stack.Listen(endpoint, 4, out _, out _), Is.EqualTo(SocketStatus.AddressInUse), "whether it is stale cannot be said for sure");
    }

    [Test]
    public void Listen_LongestPath_HasALockToo()
    {
        string name = new('x', NetEndpoint.MaxUnixPathBytes - _directory.Length - 1);
        NetEndpoint endpoint = NetEndpoint.Unix(Path.Combine(_directory, name));
        LeaveStaleFile(endpoint);
        LinuxStack stack = new();
        Assert.That(stack.Listen(endpoint, 4, out SocketHandle listener, out _), Is.EqualTo(SocketStatus.Ok));
        stack.Close(listener, reset: false);
    }

    private static void LeaveStaleFile(NetEndpoint endpoint)
    {
        LinuxStack crashed = new();
        Assert.That(crashed.Listen(endpoint, 16, out SocketHandle left, out _), Is.EqualTo(SocketStatus.Ok));
        crashed.Close(left, reset: false);
    }
}
