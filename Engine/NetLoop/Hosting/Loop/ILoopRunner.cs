namespace NetLoop.Hosting.Loop;

/// <summary>Runs a loop's iterations without a thread of the loop's own: a simulation.</summary>
internal interface ILoopRunner
{
    /// <summary>Starts running the loop.</summary>
    void Start(EventLoop loop);

    /// <summary>Lets time pass until a loop that was told to stop has ended.</summary>
    void Finish(EventLoop loop);
}
