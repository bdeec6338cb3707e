using NetLoop.Tests.Demo;
using NetLoop.Tests.Hosting;
using NUnit.Framework;

namespace NetLoop.Tests.Stack.Linux;

/// <summary>
/// The system assigns each client a local port. If the port that it connects to is a local port on which nobody listens, the system may assign that same
/// port; the socket's SYN then reaches the socket itself, and it is connected to itself.
/// </summary>
[TestFixture]
public sealed class SelfConnectionTests
{
    // There is only one local port, so a client that connects to it is also assigned it.
    private const string OnlyPort = "40000 40000";
    private const int Port = 40_000;

    [TestCase(PollerKind.Epoll, "127.0.0.1")]
    [TestCase(PollerKind.Epoll, "::1")]
    [TestCase(PollerKind.Select, "127.0.0.1")]
    [TestCase(PollerKind.Select, "::1")]
    public void FinishConnect_ToItself_IsRefusedAndLeavesThePortFree(PollerKind kind, string address) => OwnNetwork.Run(OnlyPort, () =>
    {
        INetworkStack stack = PlatformStacks.Create(kind);
        NetEndpoint endpoint = NetEndpoint.Tcp(address, Port);
        for (int i = 0; i < 20; i++)
        {
            Assert.That(stack.Connect(endpoint, out SocketHandle socket), Is.AnyOf(SocketStatus.Ok, SocketStatus.InProgress));
            SocketStatus status;
            while ((status = stack.FinishConnect(socket)) == SocketStatus.InProgress)
            {
                Thread.Yield();
            }

            Assert.That(status, Is.EqualTo(SocketStatus.ConnectionRefused));
            stack.Close(socket, reset: false);
        }

        Assert.That(stack.Listen(endpoint, 4, out SocketHandle listener, out _), Is.EqualTo(SocketStatus.Ok));
        stack.Close(listener, reset: false);
    });

    [Test]
    public void ConnectAsync_ToItself_SaysThatNobodyListens() => OwnNetwork.Run(OnlyPort, () =>
    {
        // The loop's thread is started by this one, and is therefore in the same namespace.
        NetConnectException? failure = Assert.ThrowsAsync<NetConnectException>(
            () => NetClient.ConnectAsync($"tcp://127.0.0.1:{Port}").WaitAsync(TestHost.Patience));
        Assert.That(failure!.Status, Is.EqualTo(SocketStatus.ConnectionRefused));
        Assert.That(failure.Message, Does.StartWith("nobody listens on tcp://127.0.0.1:40000"));
    });

    [TestCase("bots", "--connect", "tcp://127.0.0.1:40000", "--count", "3", "--duration", "5s")]
    [TestCase("load", "--connect", "tcp://127.0.0.1:40000", "--connections", "1", "--duration", "1s")]
    [TestCase("client", "--connect", "tcp://127.0.0.1:40000", "--duration", "5s")]
    [TestCase("classic", "client", "--port", "40000", "--duration", "5s")]
    public void Command_ToItself_SaysThatNobodyListens(params string[] arguments) => OwnNetwork.Run(OnlyPort, () =>
    {
        ProcessResult result = ChildProcess.RunNetLoopAsync(arguments).GetAwaiter().GetResult();
        Assert.That(result.ExitCode, Is.EqualTo(1), result.ToString());
        Assert.That(result.Errors, Does.Contain("nobody listens on tcp://127.0.0.1:40000"));

        using ChildProcessScope server = new("echo", "--tcp", "127.0.0.1:40000", "--duration", "10ms");
        Assert.That(server.End().ExitCode, Is.Zero, "the port is free");
    });

    /// <summary>Starts a program in the namespace and waits for it without leaving the thread.</summary>
    private sealed class ChildProcessScope(params string[] arguments) : IDisposable
    {
        private readonly ChildProcess _process = ChildProcess.NetLoop(arguments);

        public ProcessResult End() => _process.EndAsync().GetAwaiter().GetResult();

        public void Dispose() => _process.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
