namespace NetLoop.Hosting.Loop;

/// <summary>Part of a loop that is called once in every iteration.</summary>
/// <remarks>Thread: loop.</remarks>
internal interface ILoopParticipant
{
    /// <summary>Called at the end of every iteration, after the Close phase.</summary>
    void OnIterationEnded();
}
