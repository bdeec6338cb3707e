namespace NetLoop.Demo.CommandLine;

/// <summary>A correct command failed, for example because nobody listens at the address: printed as one line, then exit code 1.</summary>
internal sealed class FailureException(string message) : Exception(message);
