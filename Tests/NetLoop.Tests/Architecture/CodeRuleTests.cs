using NUnit.Framework;

namespace NetLoop.Tests.Architecture;

/// <summary>The small rules find violations: namespaces, static state, async void, unresolved names.</summary>
[Parallelizable]
public sealed class CodeRuleTests
{
    [TestCase("Time/A.cs", "namespace NetLoop.Time; public class A;", "the public type A is in namespace NetLoop.Time; it belongs in NetLoop")]
    [TestCase("Time/A.cs", "namespace NetLoop; internal struct A;", "the internal type A is in namespace NetLoop; it belongs in NetLoop.Time")]
    [TestCase("Stack/Linux/A.cs", "namespace NetLoop.Stack; enum A;", "it belongs in NetLoop.Stack.Linux")]
    [TestCase("Time/A.cs", "namespace NetLoop.Buffers; delegate void A();", "it belongs in NetLoop.Time")]
    [TestCase("Time/A.cs", "class A;", "it belongs in NetLoop.Time")]
    [TestCase("Time/A.cs", "namespace NetLoop.CompilerServices; public class A;", "it belongs in NetLoop")]
    [TestCase("Time/A.cs", "namespace NetLoop; public class NetFormatters;", "it belongs in NetLoop.CompilerServices")]
    public void NamespaceRule_WrongNamespace_SaysWhereItBelongs(string path, string text, string message)
    {
        Assert.That(NamespaceRule.Check(new EngineSources((path, text))), Has.One.Contains(message));
    }

    [TestCase("Time/A.cs", "namespace NetLoop; public class A { private class Nested; }")]
    [TestCase("Time/A.cs", "namespace NetLoop.Time; internal class A { public class Nested; }")]
    [TestCase("Stack/Linux/A.cs", "namespace NetLoop.Stack.Linux; file class A;")]
    public void NamespaceRule_RightNamespace_IsFine(string path, string text)
    {
        Assert.That(NamespaceRule.Check(new EngineSources((path, text))), Is.Empty);
    }

    [TestCase("static int _count;", "A._count is static and can change")]
    [TestCase("public static int Count { get; set; }", "A.Count is static and can change")]
    [TestCase("static event Action Changed;", "A.Changed is static and can change")]
    [TestCase("[ThreadStatic] static int _count;", "A._count is static and can change")]
    [TestCase("class Nested { static int _count; }", "Nested._count is static and can change")]
    public void StaticStateRule_StaticThatCanChange_IsNamed(string member, string message)
    {
        Assert.That(StaticStateRule.Check(new EngineSources(("Time/A.cs", $"class A {{ {member} }}"))), Has.One.Contains(message));
    }

    [TestCase("const int Count = 1; static readonly int Size = 2; public static int Half { get; } = 1; static int Twice => 2; int _own;")]
    [TestCase("enum Nested { One }")]
    public void StaticStateRule_Constants_AreFine(string member)
    {
        Assert.That(StaticStateRule.Check(new EngineSources(("Time/A.cs", $"class A {{ {member} }}"))), Is.Empty);
    }

    [TestCase("async void Run() { await Task.Yield(); }")]
    [TestCase("void Run() { async void Local() { await Task.Yield(); } Local(); }")]
    [TestCase("Action Run() => async () => await Task.Yield();")]
    [TestCase("Action<int> Run() => async delegate(int i) { await Task.Yield(); };")]
    public void AsyncVoidRule_AsyncVoid_IsNamed(string member)
    {
        Assert.That(AsyncVoidRule.Check(new EngineSources(("Time/A.cs", $"class A {{ {member} }}"))), Has.One.Contains("Time/A.cs:1: async void"));
    }

    [TestCase("async Task Run() { await Task.Yield(); }")]
    [TestCase("Func<Task> Run() => async () => await Task.Yield();")]
    public void AsyncVoidRule_AsyncTask_IsFine(string member)
    {
        Assert.That(AsyncVoidRule.Check(new EngineSources(("Time/A.cs", $"class A {{ {member} }}"))), Is.Empty);
    }

    [TestCase("LogLevel.Warning", "long suppressed", "Odd.{Suppressed}", 1)]
    [TestCase("LogLevel.Error", "Suppressed suppressed", "Odd.", 1)]
    [TestCase("LogLevel.Error", "Suppressed suppressed", "Odd.{Suppressed}", 0)]
    [TestCase("LogLevel.Debug", "int session", "Odd.", 0)]
    public void LogSiteRule_WarningWithoutALimit_IsNamed(string level, string parameter, string text, int violations)
    {
        string source = $$"""
            using Microsoft.Extensions.Logging;
            record struct Suppressed;
            static partial class A
            {
                [LoggerMessage(1, {{level}}, "{{text}}")]
                public static partial void Log(ILogger logger, {{parameter}});
            }
            """;
        Assert.That(LogSiteRule.Check(new EngineSources(("Time/A.cs", source))).Count(), Is.EqualTo(violations));
    }

    [Test]
    public void UnknownNames_MissingType_IsReported()
    {
        Assert.That(new EngineSources(("Time/A.cs", "class A { Missing _field; }")).UnknownNames(), Has.One.Contains("'Missing'"));
    }
}
