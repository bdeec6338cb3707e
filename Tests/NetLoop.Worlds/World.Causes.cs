namespace NetLoop.Worlds;

/// <content>Causes of the end of an honest session: a close reason is true only if something happened that leads to it.</content>
internal sealed partial class World
{
    private readonly Dictionary<(ulong Session, long Number), long> _answers = [];
    private long _resetsAtClients;
    private long _resetsAtServer;

    /// <summary>Connections that faults of single calls have broken so far.</summary>
    private long BrokenConnections
    {
        get
        {
            ReadOnlySpan<long> fired = Network.Faults.Fired;
            return fired[(int)FaultClass.ModifyNoBuffers]
                + fired[(int)FaultClass.ReceiveReset]
                + fired[(int)FaultClass.ReceiveTimedOut]
                + fired[(int)FaultClass.SendBrokenPipe]
                + fired[(int)FaultClass.SendReset];
        }
    }

    /// <summary>Whether faults may have made a queue or a close wait in vain for the other side.</summary>
    private bool HasStalled =>
        MayRunOutOfBuffers || Settings.IsOverload || Settings.IsSlow || Network.Link.Loss > 0 || Settings.Link.Loss > 0
        || Happened(
            FaultClass.LinkDown,
            FaultClass.LinkHalfDown,
            FaultClass.LinkReset,
            FaultClass.LinkLoss,
            FaultClass.SlowConsumer,
            FaultClass.HostPause,
            FaultClass.PowerLoss,
            FaultClass.ReceiveTimedOut,
            FaultClass.ThreadStall,
            FaultClass.LogSlow)
        || (Settings.HasUdp && HasLostDatagrams);

    private bool HasLostDatagrams => Happened(
        FaultClass.DatagramLoss,
        FaultClass.DatagramBurstLoss,
        FaultClass.DatagramBlackHole,
        FaultClass.DatagramCorrupted,
        FaultClass.DatagramTruncated,
        FaultClass.DatagramOverflow,
        FaultClass.DatagramSendWouldBlock,
        FaultClass.DatagramSendNoBuffers,
        FaultClass.DatagramSendDenied,
        FaultClass.DatagramSendTooLong,
        FaultClass.AddressChanged);

    /// <summary>Whether the traffic may exceed what the link carries: the buffers hold less than is sent in a round trip.</summary>
    private bool IsNarrow =>
        Math.Min(Settings.SendBufferBytes, Settings.ReceiveBufferBytes) < 16_384
            || Settings.MaxFillerBytes > 4_096
            || Settings.Link.Latency >= TimeSpan.FromMilliseconds(50);

    /// <summary>A client of an overloaded server answers one of its requests.</summary>
    public void NoteAnswer(ulong session, long number)
    {
        if (Settings.IsOverload)
        {
            _answers[(session, number)] = Now;
        }
    }

    /// <summary>Whether the response to a request of the server had arrived at least that long ago.</summary>
    public bool HadAnswerArrived(ulong session, long number, long ago) =>
        _answers.TryGetValue((session, number), out long answered) && answered + LatencyNanoseconds + JitterNanoseconds <= Now - ago;

    /// <summary>Whether something happened that ends a session for this reason.</summary>
    private bool HasCause(in CloseInfo info, bool isClient) => info.Reason switch
    {
        // A peer that cannot send cannot send Ping either.
        CloseReason.Idle or CloseReason.SlowConsumer => HasStalled || IsNarrow,
        _ => MayBeReset(isClient),
    };

    /// <summary>Each fault of a call breaks one connection, and a crash those of its process; any other reset comes from a side that gave up waiting.</summary>
    private bool MayBeReset(bool isClient)
    {
        long resets = isClient ? ++_resetsAtClients : ++_resetsAtServer;
        return HasStalled || IsNarrow || Happened(FaultClass.ProcessCrash) || resets <= BrokenConnections;
    }
}
