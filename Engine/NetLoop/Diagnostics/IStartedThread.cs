namespace NetLoop.Diagnostics;

/// <summary>A thread that <see cref="IThreads"/> started.</summary>
internal interface IStartedThread
{
    /// <summary>Waits for its end.</summary>
    /// <param name="atMost">Zero or more.</param>
    /// <returns>Whether it has ended.</returns>
    bool Join(TimeSpan atMost);
}
