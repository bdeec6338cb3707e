namespace NetLoop.Demo.CommandLine;

/// <summary>A person's mistake: printed as one line that says what to do, then exit code 2.</summary>
internal sealed class MistakeException(string message) : Exception(message);
