using System.CommandLine;
using NetLoop.Demo.CommandLine;
using NUnit.Framework;

namespace NetLoop.Tests.Demo.CommandLine;

[TestFixture]
[Parallelizable]
public sealed class HelpTests
{
    private static readonly string[] EndsByItself = ["certificate", "token", "check", "typescript"];

    [Test]
    public void EveryCommand_HasADescriptionExamplesAndTheCommonOptions()
    {
        Assert.Multiple(() =>
        {
            foreach (NetLoopCommand command in Below(CommandTree.Build()))
            {
                Assert.That(command.Description, Is.Not.Empty, command.Name);
                Assert.That(command.Examples, Is.Not.Empty, command.Name);
                Assert.That(command.Examples, Has.All.Contains("netloop "), command.Name);
                Assert.That(command.Examples, Has.All.Contains("# "), command.Name);
                if (command.Action is not null)
                {
                    string[] common = EndsByItself.Contains(command.Name) ? ["--json"] : ["--duration", "--json"];
                    Assert.That(command.Options.Select(option => option.Name), Is.SupersetOf(common), command.Name);
                    Assert.That(command.Options.Select(option => option.Description), Has.All.Not.Empty, command.Name);
                }
            }
        });
    }

    [Test]
    public void Options_OfEveryCommand_SayTheirDefaultOnceAndDoSomething() => Assert.Multiple(() =>
    {
        foreach (NetLoopCommand command in Below(CommandTree.Build()))
        {
            foreach (Option option in command.Options)
            {
                bool isSaid = option.Description!.Contains("[default", StringComparison.Ordinal);
                Assert.That(isSaid && option.HasDefaultValue, Is.False, $"{command.Name} {option.Name}: the library adds the default to the description");
                Assert.That(option.Description, Does.Not.Contain("Not needed"), $"{command.Name} {option.Name}");
            }
        }
    });

    [Test]
    public void Align_ExamplesOfDifferentLength_ExplanationsBeginInOneColumn()
    {
        string[] lines = [.. HelpWithExamples.Align(["netloop a   # one", "netloop longer # two", "netloop --send '#3' # three", "netloop"])];

        Assert.That(
            lines,
            Is.EqualTo(new[] { "netloop a            # one", "netloop longer       # two", "netloop --send '#3'  # three", "netloop" }));
    }

    [Test]
    public void EveryExample_ParsesWithoutAMistake()
    {
        NetLoopCommand root = CommandTree.Build();
        Assert.Multiple(() =>
        {
            foreach (string example in Below(root).SelectMany(command => command.Examples))
            {
                int begin = example.IndexOf("netloop ", StringComparison.Ordinal) + "netloop ".Length;
                string line = example[begin..example.IndexOf('#', StringComparison.Ordinal)].Replace('\'', '"');
                Assert.That(root.Parse(line).Errors, Is.Empty, example);
            }
        });
    }

    [TestCase("--help")]
    [TestCase("server", "--help")]
    [TestCase("classic", "stream-client", "-h")]
    public async Task Help_OfACommand_EndsWithItsExamples(params string[] arguments)
    {
        ProcessResult result = await ChildProcess.RunNetLoopAsync(arguments);

        Assert.That(result.ExitCode, Is.Zero, result.ToString());
        Assert.That(result.Errors, Is.Empty);
        Assert.That(result.Output, Has.Some.EqualTo("Examples:"));
        Assert.That(result.Output, Has.Some.StartsWith("  netloop"));
    }

    private static IEnumerable<NetLoopCommand> Below(NetLoopCommand command) =>
        command.Subcommands.OfType<NetLoopCommand>().SelectMany(Below).Prepend(command);
}
