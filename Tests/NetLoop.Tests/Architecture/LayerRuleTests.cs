using NUnit.Framework;

namespace NetLoop.Tests.Architecture;

[Parallelizable]
public sealed class LayerRuleTests
{
    private const string Loop = "namespace NetLoop; public class Loop { public int Ticks; public Loop Next() => this; }";

    [Test]
    public void Check_UseOfAHigherFolder_NamesFileLineAndBothFolders()
    {
        var sources = new EngineSources(
            ("Hosting/Loop.cs", Loop),
            ("Time/Clock.cs", "namespace NetLoop.Time;\ninternal class Clock\n{\n    private readonly Loop _loop = null;\n}"));
        Assert.That(
            LayerRule.Check(sources),
            Is.EqualTo(["Engine/NetLoop/Time/Clock.cs:4: Time uses Loop of Hosting; it may use only Containers, Diagnostics"]));
    }

    [TestCase("int Count(dynamic d) => ((Loop)d).Ticks;")]
    [TestCase("System.Type Type => typeof(NetLoop.Loop);")]
    [TestCase("Loop Make() => new();")]
    [TestCase("void Each(System.Collections.Generic.List<Loop> loops) { foreach (var loop in loops) { loop.Next(); } }")]
    [TestCase("int Length(string text) => text.Measured();")]
    public void Check_AnyWayToUse_IsFound(string member)
    {
        var sources = new EngineSources(
            ("Hosting/Loop.cs", Loop),
            ("Hosting/Extensions.cs", "namespace NetLoop; public static class Extensions { public static int Measured(this string text) => 0; }"),
            ("Framing/User.cs", $"namespace NetLoop; public class User {{ {member} }}"));
        Assert.That(LayerRule.Check(sources), Is.Not.Empty);
    }

    [Test]
    public void Check_AliasForAHigherFolder_IsSeenThrough()
    {
        var sources = new EngineSources(
            ("Hosting/Loop.cs", Loop),
            ("Stack/Linux/User.cs", "using Harmless = NetLoop.Loop; namespace NetLoop.Stack.Linux; internal class User { Harmless _field; }"));
        Assert.That(LayerRule.Check(sources), Has.One.Contains("Stack uses Loop of Hosting"));
    }

    [Test]
    public void Check_UseOfALowerFolderOfTheSameOrOfTheRuntime_IsFine()
    {
        var sources = new EngineSources(
            ("Stack/ISocket.cs", "namespace NetLoop; public interface ISocket;"),
            ("Stack/Linux/LinuxSocket.cs", "namespace NetLoop.Stack.Linux; internal class LinuxSocket : ISocket { string _name; }"),
            ("Hosting/Loop.cs", Loop),
            ("Hosting/Host.cs", "namespace NetLoop; public class Host { Loop _loop; ISocket _socket; int Ticks(int ticks) => _loop.Ticks + ticks; }"));
        Assert.That(LayerRule.Check(sources), Is.Empty);
    }

    [TestCase("Utilities/Helper.cs")]
    [TestCase("Helper.cs")]
    public void Check_FolderWithoutALevel_IsRejected(string path)
    {
        var sources = new EngineSources((path, "namespace NetLoop; public class Helper;"));
        Assert.That(LayerRule.Check(sources), Has.One.Contains("has no level"));
    }

    [Test]
    public void MayUse_EveryFolder_UsesNoneThatUsesIt()
    {
        foreach (string folder in LayerRule.MayUse.Keys)
        {
            Assert.That(Below(folder), Does.Not.Contain(folder), folder);
        }
    }

    private static HashSet<string> Below(string folder)
    {
        var below = new HashSet<string>();
        var pending = new Stack<string>(LayerRule.MayUse[folder]);
        while (pending.TryPop(out string? next))
        {
            if (below.Add(next))
            {
                Array.ForEach(LayerRule.MayUse[next], pending.Push);
            }
        }

        return below;
    }
}
