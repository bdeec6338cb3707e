using NetLoop.Demo.Display;
using NUnit.Framework;
using Spectre.Console;

namespace NetLoop.Tests.Demo.Display;

[TestFixture]
public sealed class TableDisplayTests
{
    private const string Times = "p50 0.20 ms, p99 9.70 ms, p99.9 14.06 ms, max 14.06 ms";

    /// <summary>As many rows as the demo has, with its longest values.</summary>
    private static StatusPage DemoPage() => new(
        "netloop demo  http://127.0.0.1:7778",
        TimeSpan.FromMinutes(1),
        new StatusPart("", [.. Rows("server", 6, isDetail: false), .. Rows("server detail", 3, isDetail: true)]),
        new StatusPart("", [.. Rows("bots detail", 3, isDetail: true), .. Rows("bots", 4, isDetail: false)]));

    [TestCase(60, 24)]
    [TestCase(80, 24)]
    [TestCase(120, 40)]
    [TestCase(40, 16)]
    public void Render_Terminal_FitsWithItsTitle(int width, int height)
    {
        string[] lines = Render(width, height);

        Assert.That(lines, Has.Length.LessThan(height), "the cursor's line is one too");
        Assert.That(lines, Has.All.Length.LessThanOrEqualTo(width));
        Assert.That(lines[0], Does.Contain("http://127.0.0.1:7778"));
        Assert.That(string.Join('\n', lines), Does.Contain("server 5").And.Contain("bots 3"));
    }

    [Test]
    public void Render_EnoughLines_ShowsEverything() => Assert.That(string.Join('\n', Render(120, 40)), Does.Contain("server detail 2").And.Contain(Times));

    private static IEnumerable<StatusRow> Rows(string name, int count, bool isDetail) =>
        Enumerable.Range(0, count).Select(number => new StatusRow($"{name} {number}", Times, isDetail));

    private static string[] Render(int width, int height)
    {
        using var output = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = width;
        console.Profile.Height = height;
        console.Write(new TableDisplay(console).Render(DemoPage()));
        return output.ToString().TrimEnd().Split('\n');
    }
}
