using System.Numerics;

namespace NetLoop.Demo.Load;

/// <summary>One connection of a load. Positions count the bytes of its <see cref="LoadStream"/>.</summary>
internal sealed class LoadConnection(Token token, int maxOutstanding)
{
    // A power of two, so that a message's place is found without a division.
    private readonly long[] _issued = new long[BitOperations.RoundUpToPowerOf2((uint)maxOutstanding)];

    public Token Token { get; } = token;

    public SocketHandle Socket { get; set; }

    public LoadConnectionState State { get; set; }

    /// <summary>What the poller was told to look for.</summary>
    public Interest Interest { get; set; }

    /// <summary>How many messages were issued: sent, or waiting for room in the socket.</summary>
    public long Issued { get; private set; }

    /// <summary>How many came back whole.</summary>
    public long Returned { get; private set; }

    /// <summary>Up to where the stream was handed to the kernel.</summary>
    public long SentPosition { get; set; }

    /// <summary>Up to where it came back.</summary>
    public long ReceivedPosition { get; set; }

    /// <summary>Messages on their way.</summary>
    public long Outstanding => Issued - Returned;

    /// <summary>Issues messages.</summary>
    /// <param name="count">How many.</param>
    /// <param name="time">Timestamp from which their round trips count.</param>
    public void Issue(long count, long time)
    {
        for (long i = 0; i < count; i++)
        {
            _issued[Issued++ & (_issued.Length - 1)] = time;
        }
    }

    /// <summary>Takes the oldest messages back, as far as they were issued at one time.</summary>
    /// <param name="most">How many at most, at least 1.</param>
    /// <param name="time">The timestamp given when they were issued.</param>
    /// <returns>How many.</returns>
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
