namespace NetLoop.Diagnostics;

/// <summary>Starts threads of the engine and lets them wait for each other: with the system's threads, or in a simulation.</summary>
/// <remarks>Thread: any.</remarks>
internal interface IThreads
{
    /// <summary>Starts a background thread.</summary>
    /// <param name="name">For debuggers.</param>
    /// <param name="run">The code to run.</param>
    IStartedThread Start(string name, Action run);

    /// <summary>Releases a monitor that the caller has locked once, waits until <see cref="PulseAll"/> is called for it, and locks it again.</summary>
    void Wait(object monitor);

    /// <summary>Ends all waits for a monitor that the caller has locked.</summary>
    void PulseAll(object monitor);
}
