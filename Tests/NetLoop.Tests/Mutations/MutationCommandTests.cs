extern alias mutations;

using mutations::NetLoop.Mutations.Running;
using NUnit.Framework;

namespace NetLoop.Tests.Mutations;

internal sealed class MutationCommandTests
{
    [TestCase("'grow' is no task", "grow")]
    [TestCase("--seed is -1; give it 0 or more", "list", "--seed", "-1")]
    [TestCase("--count is 0; give it 1 to 100000", "list", "--count", "0")]
    [TestCase("--budget is 0; give it 1 to 86400", "run", "--budget", "0")]
    [TestCase("--seconds is 90000; give it 1 to 86400", "run", "--seconds", "90000")]
    [TestCase("there is no NetLoop.Tests.dll in '/nowhere'", "list", "--tests", "/nowhere")]
    [TestCase("--map is /nowhere, which is not there", "run", "--map", "/nowhere")]
    [TestCase("--many", "list", "--many")]
    [TestCase("the engine has no such place", "run", "--only", "Nothing/call/0")]
    public void Run_Mistake_IsOneLineAndExitCode2(string expected, params string[] args)
    {
        (int exitCode, string output, string error) = Run(args);
        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(output, Is.Empty);
        Assert.That(error, Does.StartWith("mutations: ").And.Contain(expected));
        Assert.That(error.TrimEnd().ReplaceLineEndings("\n"), Does.Not.Contain("\n"));
    }

    [Test]
    public void Run_List_PrintsPlacesWithLineAndWords()
    {
        (int exitCode, string output, string error) = Run("list", "--match", "Time/TimerQueue.cs", "--seed", "1", "--count", "5");
        Assert.That(exitCode, Is.Zero, error);
        string[] lines = output.TrimEnd().Split('\n');
        Assert.That(lines, Has.Length.EqualTo(5));
        Assert.That(lines, Has.All.Match(@"^Time\.TimerQueue.*/[a-z]+.*/\d+\tTime/TimerQueue\.cs:\d+\t.+"));
    }

    private static (int ExitCode, string Output, string Error) Run(params string[] args)
    {
        StringWriter output = new();
        StringWriter error = new();
        return (MutationCommand.Run(args, output, error), output.ToString(), error.ToString());
    }
}
