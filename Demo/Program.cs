using NetLoop.Demo.CommandLine;

return await NetLoopProgram.RunAsync(args).ConfigureAwait(false);
