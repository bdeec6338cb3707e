return NetLoop.Fuzzing.Running.FuzzCommand.Run(args, NetLoop.Fuzzing.Targets.FuzzTargets.Create, Console.Out, Console.Error);
