using Microsoft.Coyote.Rewriting;
using Microsoft.Coyote.Runtime;

namespace NetLoop.Concurrency;

/// <summary>One end of a connection in memory, with unlimited room; or a listener.</summary>
[SkipRewriting("A call of the kernel is one step.")]
internal sealed class MemorySocket(SocketHandle handle)
{
    private readonly Queue<byte> _received = new();
    private bool _hasEnded;

    public SocketHandle Handle { get; } = handle;

    public MemorySocket? Peer { get; set; }

    /// <summary>Connections that wait to be accepted; null for a connection.</summary>
    public Queue<MemorySocket>? Backlog { get; set; }

    /// <summary>Whether it closes its side when the other side has closed, for a client that no code controls.</summary>
    public bool EndsWithPeer { get; init; }

    public bool IsReset { get; private set; }

    public bool IsReadable => Backlog is { Count: > 0 } || _received.Count > 0 || _hasEnded || IsReset;

    public SocketResult Receive(Span<byte> buffer)
    {
        if (IsReset)
        {
            return new SocketResult(SocketStatus.ConnectionReset, 0);
        }

        int count = 0;
        while (count < buffer.Length && _received.TryDequeue(out byte next))
        {
            buffer[count++] = next;
        }

        return new SocketResult(count > 0 || _hasEnded ? SocketStatus.Ok : SocketStatus.WouldBlock, count);
    }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        foreach (byte next in bytes)
        {
            Peer!._received.Enqueue(next);
        }
    }

    public void EndSending(bool reset)
    {
        if (Peer is { } peer)
        {
            peer._hasEnded = true;
            peer.IsReset |= reset;
            _hasEnded |= peer.EndsWithPeer;
        }
    }

    /// <summary>Receives outside the loops: waits until there is something.</summary>
    /// <returns>The received bytes; empty at the end.</returns>
    public byte[] ReceiveOrWait()
    {
        Operation.PauseUntil(LooksReadable);
        byte[] all = [.. _received];
        _received.Clear();
        return all;
    }

    private bool LooksReadable() => IsReadable;
}
