using NetLoop.Demo.CommandLine;
using NUnit.Framework;

namespace NetLoop.Tests.Demo.CommandLine;

[TestFixture]
public sealed class NearestWordTests
{
    private static readonly string[] Words = ["demo", "server", "bots", "--tcp", "--tick-rate", "--tick-precision", "--json"];

    [TestCase("servr", "server")]
    [TestCase("sever", "server")]
    [TestCase("serverr", "server")]
    [TestCase("esrver", "server")]
    [TestCase("--tpc", "--tcp")]
    [TestCase("--tickrate", "--tick-rate")]
    [TestCase("--tick-presicion", "--tick-precision")]
    [TestCase("-json", "--json")]
    [TestCase("nonsense", null)]
    [TestCase("x", null)]
    [TestCase("--", null)]
    [TestCase("", null)]
    public void Find_Slip_IsTheWordThatWasMeant(string typed, string? meant) => Assert.That(NearestWord.Find(typed, Words), Is.EqualTo(meant));

    [Test]
    public void Find_VeryLongText_IsNoWord() => Assert.That(NearestWord.Find(new string('x', 1_000_000), [new string('x', 64)]), Is.Null);
}
