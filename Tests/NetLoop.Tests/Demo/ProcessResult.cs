namespace NetLoop.Tests.Demo;

/// <summary>The result of a program that has ended.</summary>
internal sealed record ProcessResult(int ExitCode, IReadOnlyList<string> Output, string Errors)
{
    public override string ToString() => $"exit code {ExitCode}\n{string.Join('\n', Output)}\n{Errors}";
}
