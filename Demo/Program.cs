using NetLoop.Demo.CommandLine;

return await NetLoopProgram.RunAsync(args, Console.Error).ConfigureAwait(false);
