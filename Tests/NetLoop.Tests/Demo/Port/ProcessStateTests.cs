using NetLoop.Demo.Port;
using NUnit.Framework;

namespace NetLoop.Tests.Demo.Port;

[TestFixture]
public sealed class ProcessStateTests
{
    private const string Rest = "1 1 1 0 -1 4194560 10 0 0 0 1 2 0 0 20 0 THREADS 0 4711 1000 10 18446744073709551615";

    [TestCase("(dotnet)", "S", 5, false)]
    [TestCase("(dotnet)", "R", 1, false)]
    [TestCase("(dotnet)", "T", 1, false)]
    [TestCase("(dotnet)", "Z", 1, true)]
    [TestCase("(dotnet)", "X", 0, true)]
    [TestCase("(dotnet)", "Z", 3, false, Description = "its first thread ended, and the others go on")]
    [TestCase("(a b) Z 1 (c)", "S", 5, false)]
    [TestCase("(a) S 9 9)", "Z", 1, true)]
    [TestCase("()", "Z", 1, true)]
    public void Parse_Line_TellsZombiesFromTheLiving(string name, string state, int threads, bool hasEnded)
    {
        ProcessState? parsed = ProcessState.Parse($"12 {name} {state} {Rest.Replace("THREADS", $"{threads}", StringComparison.Ordinal)}\n");
        Assert.That(parsed, Is.EqualTo(new ProcessState(4711, hasEnded)));
    }

    [TestCase("")]
    [TestCase("12 (dotnet")]
    [TestCase("12 (dotnet) S 1 2 3")]
    public void Parse_Otherwise_IsNull(string text) => Assert.That(ProcessState.Parse(text), Is.Null);

    [Test]
    [Platform("Linux")]
    public void Read_ThisProcess_IsAliveAndAlwaysTheSame()
    {
        ProcessState? first = ProcessState.Read(Environment.ProcessId);
        Assert.That(first, Is.Not.Null);
        Assert.That(first!.Value.HasEnded, Is.False);
        Assert.That(ProcessState.Read(Environment.ProcessId)!.Value.StartTime, Is.EqualTo(first.Value.StartTime));
        Assert.That(ProcessState.Read(int.MaxValue), Is.Null);
    }
}
