namespace NetLoop.Diagnostics;

/// <summary>How threads of the engine begin and wait for each other: as the system's do, or as a simulation says.</summary>
/// <remarks>Thread: any.</remarks>
internal interface IThreads
{
    /// <summary>Starts a background thread.</summary>
    /// <param name="name">For debuggers.</param>
    /// <param name="run">What it does.</param>
    IStartedThread Start(string name, Action run);

    /// <summary>Lets go of a monitor that the caller has locked once, until <see cref="PulseAll"/> was called for it, and locks it again.</summary>
    void Wait(object monitor);

    /// <summary>Ends all waits for a monitor that the caller has locked.</summary>
    void PulseAll(object monitor);
}
