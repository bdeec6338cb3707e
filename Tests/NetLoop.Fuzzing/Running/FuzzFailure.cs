namespace NetLoop.Fuzzing.Running;

/// <summary>An input that a parser did not pass.</summary>
/// <param name="Target">Which parser.</param>
/// <param name="Input">The bytes.</param>
/// <param name="Problem">What it did.</param>
internal sealed record FuzzFailure(string Target, byte[] Input, string Problem)
{
    /// <summary>What shows it again, on any machine that has the repository.</summary>
    public string Command =>
        $"dotnet run -c Release --project Tests/NetLoop.Fuzzing -- {Target} --input {(Input.Length == 0 ? "empty" : Convert.ToHexString(Input))}";
}
