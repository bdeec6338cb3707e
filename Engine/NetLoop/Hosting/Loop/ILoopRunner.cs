namespace NetLoop.Hosting.Loop;

/// <summary>Runs a loop's iterations where no thread does: a simulation.</summary>
internal interface ILoopRunner
{
    /// <summary>Begins to run the loop.</summary>
    void Start(EventLoop loop);

    /// <summary>Lets time pass until the loop, which was asked to stop, has ended.</summary>
    void Finish(EventLoop loop);
}
