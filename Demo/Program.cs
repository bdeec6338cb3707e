using NetLoop.Demo.CommandLine;

if (SocketLimit.ExplainIfTooLow() is { } mistake)
{
    Console.Error.WriteLine(mistake);
    return ExitCode.Mistake;
}

return await NetLoopProgram.RunAsync(args, Console.Error).ConfigureAwait(false);
