using NetLoop.Mutations.Nets;
using NetLoop.Mutations.Running;

// The process of the nets has only the tests' libraries, so it must not use the command line's.
return args is [NetProcess.Word, .. var rest] ? NetHost.Run(rest) : MutationCommand.Run(args, Console.Out, Console.Error);
