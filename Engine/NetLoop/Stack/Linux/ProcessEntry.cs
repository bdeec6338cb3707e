namespace NetLoop.Stack.Linux;

/// <summary>A process as listed in /proc.</summary>
internal sealed record ProcessEntry(int Id, string Name, string CommandLine)
{
    public static ProcessEntry Unknown { get; } = new(0, "", "");
}
