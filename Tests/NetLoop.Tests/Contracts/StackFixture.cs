using NUnit.Framework;

namespace NetLoop.Tests.Contracts;

/// <summary>
/// The common part of the contract suites of stacks and pollers: a stack, a poller, and helpers that wait for readiness instead of for time.
/// </summary>
public abstract class StackFixture
{
    /// <summary>Timeout of a test; nothing should ever take this long.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly List<SocketHandle> _open = [];
    private readonly ReadyEvent[] _events = new ReadyEvent[16];

    protected const long Millisecond = 1_000_000;

    protected static StreamSocketOptions EveryOption =>
        new(NoDelay: true, KeepAlive: true, UserTimeout: TimeSpan.FromSeconds(17), SendBufferBytes: 65_536, ReceiveBufferBytes: 65_536);

    protected INetworkStack Stack { get; private set; } = null!;

    protected IPoller Poller { get; private set; } = null!;

    protected abstract PollerKind Kind { get; }

    /// <summary>The clock by which the stack's pollers wait.</summary>
    protected virtual TimeProvider Clock => TimeProvider.System;

    protected abstract INetworkStack CreateStack();

    protected virtual IPoller CreatePoller() => Stack.CreatePoller(Kind);

    [SetUp]
    public void OpenStack()
    {
        Stack = CreateStack();
        Poller = CreatePoller();
    }

    [TearDown]
    public void CloseStack()
    {
        Poller?.Dispose();
        foreach (SocketHandle socket in _open)
        {
            Stack.Close(socket, reset: true);
        }

        _open.Clear();
    }

    /// <summary>Opens a listener on a free port of the loopback interface.</summary>
    protected SocketHandle Listen(out NetEndpoint bound, int backlog = 16) => Listen(NetEndpoint.Tcp("127.0.0.1", 0), out bound, backlog);

    protected SocketHandle Listen(NetEndpoint endpoint, out NetEndpoint bound, int backlog = 16)
    {
        Assert.That(Stack.Listen(endpoint, backlog, out SocketHandle listener, out bound), Is.EqualTo(SocketStatus.Ok));
        return Own(listener);
    }

    /// <summary>Opens a connected pair of sockets, which are not registered with a poller.</summary>
    protected (SocketHandle Client, SocketHandle Server) ConnectPair()
    {
        SocketHandle listener = Listen(out NetEndpoint bound);
        (SocketHandle Client, SocketHandle Server) pair = ConnectPair(listener, bound, out _);
        Close(listener);
        return pair;
    }

    protected (SocketHandle Client, SocketHandle Server) ConnectPair(SocketHandle listener, NetEndpoint bound, out NetEndpoint remote)
    {
        SocketHandle client = Connect(bound);
        SocketHandle server = SocketHandle.None;
        NetEndpoint peer = default;
        Until(() => Stack.Accept(listener, out server, out peer) == SocketStatus.Ok);
        Own(server);
        Until(() => Stack.FinishConnect(client) == SocketStatus.Ok);
        remote = peer;
        return (client, server);
    }

    protected SocketHandle Connect(NetEndpoint remote)
    {
        Assert.That(Stack.Connect(remote, out SocketHandle client), Is.AnyOf(SocketStatus.Ok, SocketStatus.InProgress));
        return Own(client);
    }

    protected void Close(SocketHandle socket, bool reset = false)
    {
        Assert.That(_open.Remove(socket), Is.True);
        Stack.Close(socket, reset);
    }

    /// <summary>Closes a socket at the end of the test.</summary>
    protected SocketHandle Own(SocketHandle socket)
    {
        _open.Add(socket);
        return socket;
    }

    protected void Add(SocketHandle socket, Interest interest, Token token) =>
        Assert.That(Poller.Add(socket, interest, token), Is.EqualTo(SocketStatus.Ok));

    /// <summary>Waits for an event of a token with any of the wanted flags, and returns all its flags.</summary>
    protected Readiness WaitFor(Token token, Readiness wanted)
    {
        Readiness seen = Readiness.None;
        Until(() =>
        {
            int count = Poller.Wait(_events, 10 * Millisecond);
            foreach (ReadyEvent ready in _events.AsSpan(0, count))
            {
                seen |= ready.Token == token && (ready.Readiness & wanted) != 0 ? ready.Readiness : Readiness.None;
            }

            return seen != Readiness.None;
        });
        return seen;
    }

    /// <summary>
    /// Asserts that a poll returns no event. It polls twice, because the first poll may return early for an old wake-up.
    /// </summary>
    protected void AssertNothingReady()
    {
        _ = Poller.Wait(_events, 0);
        Assert.That(Poller.Wait(_events, 0), Is.Zero);
    }

    protected SocketStatus Send(SocketHandle socket, params byte[] bytes)
    {
        SocketResult result = SendSome(socket, bytes);
        Assert.That(result.Status != SocketStatus.Ok || result.Count == bytes.Length, Is.True, "a few bytes go in one piece");
        return result.Status;
    }

    protected unsafe SocketResult SendSome(SocketHandle socket, byte[] bytes)
    {
        fixed (byte* pinned = bytes)
        {
            return Stack.Send(socket, [new SendSegment(new ReadOnlySpan<byte>(pinned, bytes.Length))]);
        }
    }

    /// <summary>Receives exactly this many bytes, or fewer if the stream ends.</summary>
    protected byte[] ReceiveExactly(SocketHandle socket, int count)
    {
        byte[] received = new byte[count];
        int total = 0;
        Until(() =>
        {
            SocketResult result = Stack.Receive(socket, received.AsSpan(total));
            total += result.Status == SocketStatus.Ok ? result.Count : 0;
            return total == count || result is { Status: SocketStatus.Ok, Count: 0 };
        });
        return received[..total];
    }

    /// <summary>Returns the first result of a receive that is not WouldBlock.</summary>
    protected SocketResult ReceiveAnything(SocketHandle socket)
    {
        byte[] buffer = new byte[256];
        SocketResult result = default;
        Until(() => (result = Stack.Receive(socket, buffer)).Status != SocketStatus.WouldBlock);
        return result;
    }

    /// <summary>Tries until the condition holds. Between tries, a separate poller without sockets waits for a moment.</summary>
    protected void Until(Func<bool> isSo)
    {
        long start = Clock.GetTimestamp();
        using IPoller pause = Stack.CreatePoller(Kind);
        ReadyEvent[] none = new ReadyEvent[1];
        while (!isSo())
        {
            Assert.That(Clock.GetElapsedTime(start), Is.LessThan(Patience), "gave up waiting");
            pause.Wait(none, Millisecond / 10);
        }
    }
}
