using NUnit.Framework;

namespace NetLoop.Tests.Contracts;

/// <summary>
/// What the suites of stacks and pollers share: a stack, a poller, and helpers that wait on readiness instead of on time.
/// </summary>
public abstract class StackFixture
{
    /// <summary>After this long a test gives up; nothing is ever expected to take that long.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly List<SocketHandle> _open = [];
    private readonly ReadyEvent[] _events = new ReadyEvent[16];

    protected const long Millisecond = 1_000_000;

    protected static StreamSocketOptions EveryOption =>
        new(NoDelay: true, KeepAlive: true, UserTimeout: TimeSpan.FromSeconds(17), SendBufferBytes: 65_536, ReceiveBufferBytes: 65_536);

    protected INetworkStack Stack { get; private set; } = null!;

    protected IPoller Poller { get; private set; } = null!;

    protected abstract PollerKind Kind { get; }

    /// <summary>The time in which the stack's pollers wait.</summary>
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

    /// <summary>A listener on a free port of the loopback interface.</summary>
    protected SocketHandle Listen(out NetEndpoint bound, int backlog = 16) => Listen(NetEndpoint.Tcp("127.0.0.1", 0), out bound, backlog);

    protected SocketHandle Listen(NetEndpoint endpoint, out NetEndpoint bound, int backlog = 16)
    {
        Assert.That(Stack.Listen(endpoint, backlog, out SocketHandle listener, out bound), Is.EqualTo(SocketStatus.Ok));
        return Own(listener);
    }

    /// <summary>A connected pair of sockets, in no poller.</summary>
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

    /// <summary>Makes a socket one that the end of the test closes.</summary>
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
    /// Asserts that a poller which looks, but does not wait, has nothing to tell; an early return of another wake is tolerated by looking
    /// twice.
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

    /// <summary>Receives exactly so many bytes, or fewer if the stream ends.</summary>
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

    /// <summary>The first answer to a receive that is not WouldBlock.</summary>
    protected SocketResult ReceiveAnything(SocketHandle socket)
    {
        byte[] buffer = new byte[256];
        SocketResult result = default;
        Until(() => (result = Stack.Receive(socket, buffer)).Status != SocketStatus.WouldBlock);
        return result;
    }

    /// <summary>Tries until it is so. Between tries a separate poller without sockets waits for a moment.</summary>
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
