using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using NetLoop.Generators;
using NUnit.Framework;

namespace NetLoop.Tests.Generators;

/// <summary>A handler that blocks on its own request is reported when it is compiled.</summary>
[Parallelizable]
public sealed class BlockingAnalyzerTests
{
    [TestCase("session.RequestAsync<A, B>(default).Result", ".Result")]
    [TestCase("session.RequestAsync<A, B>(default).Wait()", ".Wait()")]
    [TestCase("session.RequestAsync<A, B>(default).GetAwaiter().GetResult()", ".GetAwaiter().GetResult()")]
    [TestCase("session.RequestAsync<A, B>(default).ConfigureAwait(false).GetAwaiter().GetResult()", ".GetAwaiter().GetResult()")]
    [TestCase("client.RequestAsync<A, B>(default).Result", ".Result")]
    public void Check_HandlerBlocksOnARequest_IsFound(string expression, string how)
    {
        Assert.That(
            Messages($"class M(NetClient client) {{ void Handle(Session session, in A a) {{ _ = client; {Statement(expression)} }} }}"),
            Is.EqualTo(new[] { Text(how) }));
        Assert.That(
            Messages($"class M(NetClient client) {{ MessageHandler<A> H() => (Session session, in A a) => {{ _ = client; {Statement(expression)} }}; }}"),
            Is.EqualTo(new[] { Text(how) }));
    }

    [Test]
    public void Check_TaskInALocal_IsFound() => Assert.That(
        Messages("class M { void Handle(Session session, in A a) { var asked = session.RequestAsync<A, B>(default); asked.Wait(); } }"),
        Is.EqualTo(new[] { Text(".Wait()") }));

    [TestCase("class M { async System.Threading.Tasks.Task Handle(Session session, A a) { var b = await session.RequestAsync<A, B>(default); } }")]
    [TestCase(
        "class M { async System.Threading.Tasks.Task Handle(Session session, A a) { var b = session.RequestAsync<A, B>(default); await "
            + "System.Threading.Tasks.Task.WhenAll(b); _ = b.Result; } }")]
    [TestCase("class M { void Main(NetClient client) { var b = client.RequestAsync<A, B>(default).Result; } }")]
    [TestCase("class M { void Handle(Session session, System.Threading.Tasks.Task other) { other.Wait(); } }")]
    public void Check_WhatIsFine_IsLeftAlone(string source) => Assert.That(Messages(source), Is.Empty);

    private static string Statement(string expression) => expression.EndsWith("Result", StringComparison.Ordinal) ? $"var b = {expression};" : $"{expression};";

    private static string Text(string how) =>
        $"'{how}' blocks the thread that would deliver the response, so the handler never returns; make the handler asynchronous and await the request";

    private static IEnumerable<string> Messages(string source)
    {
        const string Contracts = "[NetMessage(100)] public partial record struct A; [NetMessage(101)] public partial record struct B;";
        GeneratorRun.Driver().RunGeneratorsAndUpdateCompilation(GeneratorRun.Compile(Contracts, source), out Compilation compilation, out _);
        ImmutableArray<Diagnostic> findings = compilation.WithAnalyzers([new BlockingAnalyzer()]).GetAnalyzerDiagnosticsAsync().GetAwaiter().GetResult();
        return findings.Where(finding => finding.Id == "NL0011").Select(finding => finding.GetMessage(null));
    }
}
