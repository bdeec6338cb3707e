using NetLoop.Demo.CommandLine;
using NetLoop.Demo.Display;

if (SocketLimit.ExplainIfTooLow() is { } mistake)
{
    Console.Error.WriteLine(mistake);
    return ExitCode.Mistake;
}

using QueuedOutput errors = QueuedOutput.ForStandard(2);
int code = await NetLoopProgram.RunAsync(args, errors).ConfigureAwait(false);
_ = errors.TryFlush(TimeSpan.FromSeconds(1)); // Do not wait longer if nobody reads it.
return code;
