namespace NetLoop.Stack.Linux;

/// <summary>A process as /proc shows it.</summary>
internal sealed record ProcessEntry(int Id, string Name, string CommandLine)
{
    public static ProcessEntry Unknown { get; } = new(0, "", "");
}
