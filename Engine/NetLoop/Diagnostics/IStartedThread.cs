namespace NetLoop.Diagnostics;

/// <summary>A thread that <see cref="IThreads"/> started.</summary>
internal interface IStartedThread
{
    /// <summary>Waits for the end of the thread.</summary>
    /// <param name="atMost">The maximum wait; zero or more.</param>
    /// <returns>Whether the thread has ended.</returns>
    bool Join(TimeSpan atMost);
}
