using NetLoop.Mutations.Nets;
using NetLoop.Mutations.Running;

// The process of the nets has only what the tests bring, so it touches nothing of the command line.
return args is [NetProcess.Word, .. var rest] ? NetHost.Run(rest) : MutationCommand.Run(args, Console.Out, Console.Error);
