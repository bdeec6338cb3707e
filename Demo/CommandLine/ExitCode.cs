namespace NetLoop.Demo.CommandLine;

/// <summary>The exit codes of the program.</summary>
internal static class ExitCode
{
    /// <summary>The command succeeded, and nothing was lost.</summary>
    public const int Success = 0;

    /// <summary>Something was lost, wrong, not found, not reached or not written, or a second signal ended the run.</summary>
    public const int Failure = 1;

    /// <summary>The command line cannot be carried out as it was written: a wrong option, a bad address, a port in use.</summary>
    public const int Mistake = 2;
}
