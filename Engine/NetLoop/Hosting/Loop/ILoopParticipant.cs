namespace NetLoop.Hosting.Loop;

/// <summary>What lives on a loop and wants to look around once an iteration.</summary>
/// <remarks>Thread: loop.</remarks>
internal interface ILoopParticipant
{
    /// <summary>Called at the end of every iteration, after the Close phase.</summary>
    void OnIterationEnded();
}
