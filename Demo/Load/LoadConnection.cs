using System.Numerics;
using NetLoop.Transports.Streams;

namespace NetLoop.Demo.Load;

/// <summary>One connection of a load test. Positions are bytes of its <see cref="LoadStream"/>.</summary>
internal sealed class LoadConnection(Token token, int maxOutstanding)
{
    // A power of two, so that the slot of a message is found without a division.
    private readonly long[] _issued = new long[BitOperations.RoundUpToPowerOf2((uint)maxOutstanding)];

    public Token Token { get; } = token;

    public SocketHandle Socket { get; set; }

    public LoadConnectionState State { get; set; }

    /// <summary>Carries the bytes, plain or encrypted; null until the socket is connected.</summary>
    public IStreamChannel? Channel { get; set; }

    /// <summary>The events that the poller waits for.</summary>
    public Interest Interest { get; set; }

    /// <summary>Number of messages issued: sent, or waiting for space in the socket's send buffer.</summary>
    public long Issued { get; private set; }

    /// <summary>Number of messages that were echoed completely.</summary>
    public long Returned { get; private set; }

    /// <summary>Position up to which the stream was passed to the kernel.</summary>
    public long SentPosition { get; set; }

    /// <summary>Position up to which the stream was received.</summary>
    public long ReceivedPosition { get; set; }

    /// <summary>Number of messages in flight.</summary>
    public long Outstanding => Issued - Returned;

    /// <summary>Issues messages.</summary>
    /// <param name="count">Number of messages.</param>
    /// <param name="time">Timestamp from which their round trips are measured.</param>
    public void Issue(long count, long time)
    {
        for (long i = 0; i < count; i++)
        {
            _issued[Issued++ & (_issued.Length - 1)] = time;
        }
    }

    /// <summary>Completes the oldest messages, as far as they were issued at the same time.</summary>
    /// <param name="most">Maximum number, at least 1.</param>
    /// <param name="time">The timestamp of the call that issued them.</param>
    /// <returns>Number of messages completed.</returns>
    public long TakeBack(long most, out long time)
    {
        time = _issued[Returned & (_issued.Length - 1)];
        long count = 1;
        while (count < most && _issued[(Returned + count) & (_issued.Length - 1)] == time)
        {
            count++;
        }

        Returned += count;
        return count;
    }
}
