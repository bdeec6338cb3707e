namespace NetLoop.Demo.CommandLine;

/// <summary>The command was right and the world was not (nobody listens there, say): printed as one line, then exit code 1.</summary>
internal sealed class FailureException(string message) : Exception(message);
