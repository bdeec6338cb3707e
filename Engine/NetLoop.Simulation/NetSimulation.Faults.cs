namespace NetLoop;

/// <content>Faults of kernels and network.</content>
public sealed partial class NetSimulation
{
    /// <summary>
    /// Faults that a correct program does not notice: short reads and writes, interrupted calls, late and needless events, bytes in other pieces.
    /// </summary>
    private static readonly FaultClass[] Harmless =
    [
        FaultClass.AcceptInterrupted, FaultClass.ReceivePartial, FaultClass.ReceiveWouldBlock, FaultClass.ReceiveInterrupted, FaultClass.SendPartial,
        FaultClass.SendWouldBlock, FaultClass.SendInterrupted, FaultClass.SendNoBuffers, FaultClass.PollInterrupted, FaultClass.PollSpurious,
        FaultClass.PollStale, FaultClass.PollLate, FaultClass.PollShuffled, FaultClass.LinkRechunked, FaultClass.LinkLoss,
        FaultClass.DatagramReceivePartial, FaultClass.DatagramReceiveWouldBlock, FaultClass.DatagramSendPartial, FaultClass.DatagramSendWouldBlock,
    ];

    /// <summary>Makes a fault happen at random from here on, on every machine. Other random decisions stay the same.</summary>
    /// <param name="fault">A fault of a system call or the network.</param>
    /// <param name="probability">Probability at each opportunity: 0 (never) to 1.</param>
    /// <exception cref="ArgumentException">The fault affects a whole machine. A test causes such faults itself; the message says how.</exception>
    public void SetFault(FaultClass fault, double probability)
    {
        if (!(probability is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(probability), probability, $"The probability of {fault} is {probability}; allowed: 0 to 1.");
        }

        if (InsteadOf(fault) is { } instead)
        {
            throw new ArgumentException($"{fault} does not happen by chance here; {instead}.", nameof(fault));
        }

        Simulator.Network.Faults.Set(fault, probability);
    }

    /// <summary>
    /// Makes every fault happen that no session should notice: short reads and writes, interrupted calls, late, needless and shuffled
    /// events, streams in other pieces.
    /// </summary>
    /// <param name="probability">Probability at each opportunity: 0 (never) to below 1; 0.05 is a lot.</param>
    public void SetHarmlessFaults(double probability)
    {
        if (!(probability is >= 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(probability), probability, $"The probability is {probability}; allowed: 0 to below 1, or nothing would ever get through.");
        }

        foreach (FaultClass fault in Harmless)
        {
            SetFault(fault, probability);
        }
    }

    /// <summary>Returns how often a fault has happened.</summary>
    public long CountFaults(FaultClass fault) => Simulator.Network.Faults.Fired[(int)fault];

    private static string? InsteadOf(FaultClass fault) => fault switch
    {
        FaultClass.LinkDown => $"call {nameof(SimulatedClient.CutLink)} of a client",
        FaultClass.HostPause => $"call {nameof(Pause)} of the simulation or a client",
        FaultClass.ProcessCrash => $"call {nameof(Crash)} of the simulation or a client",
        FaultClass.PowerLoss => $"call {nameof(LosePower)} of the simulation or a client",
        FaultClass.SlowConsumer => $"call {nameof(SimulatedClient.StopReading)} of a client",
        FaultClass.AddressChanged => $"call {nameof(SimulatedClient.ChangeAddress)} of a client",
        FaultClass.PoolExhausted => $"set {nameof(EventLoopOptions.MaxBufferBytes)} of a server",
        FaultClass.WallClockStep or FaultClass.ClockDrift => "clocks of a simulation for tests are exact",
        _ when !Enum.IsDefined(fault) => $"it is none of {nameof(FaultClass)}",
        _ => null,
    };
}
