namespace NetLoop.Fuzzing.Running;

/// <summary>An input for which a parser failed.</summary>
/// <param name="Target">The parser.</param>
/// <param name="Input">The bytes.</param>
/// <param name="Problem">What went wrong.</param>
internal sealed record FuzzFailure(string Target, byte[] Input, string Problem)
{
    /// <summary>The command that repeats the failure on any machine that has the repository.</summary>
    public string Command =>
        $"dotnet run -c Release --project Tests/NetLoop.Fuzzing -- {Target} --input {(Input.Length == 0 ? "empty" : Convert.ToHexString(Input))}";
}
