using System.Collections.Immutable;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using NetLoop.Generators;
using NUnit.Framework;

namespace NetLoop.Tests.Generators;

/// <summary>A call or a handler that uses a request with another response than it declares does not compile.</summary>
[Parallelizable]
public sealed class RequestAnalyzerTests
{
    private const string Contracts =
        "[NetMessage(100)] public partial record struct Ask : INetRequest<Answer>; [NetContract] public partial record struct Answer; "
            + "[NetContract] public partial record struct Other; [NetMessage(101)] public partial record struct Plain; ";

    [TestCase("Session a", "a.RequestAsync<Ask, Other>(default)")]
    [TestCase("Session? a", "a?.RequestAsync<Ask, Other>(default)")]
    [TestCase("NetClient a", "a.RequestAsync<Ask, Other>(default)")]
    [TestCase("SimulatedClient a", "a.RequestAsync<Ask, Other>(default)")]
    [TestCase("IMessageSender a", "a.RequestAsync<Ask, Other>(default)")]
    [TestCase("IMessageSender a", "a.RequestAsync<Ask, Other, NetLoop.CompilerServices.NetFormatters.Contract<Other>>(default)")]
    [TestCase("IMessageSender a", "ForeignSends.RequestAsync<Ask, Other>(a, default)")]
    [TestCase("Sender a", "a.RequestAsync<Ask, Other>(default)")]
    public void Request_OfAnotherResponse_IsFound(string parameter, string call) => Assert.That(
        Findings($"class M {{ void Go({parameter}) {{ _ = {call}; }} }}"),
        Is.EqualTo(new[]
        {
            "NL0019 'Ask' declares INetRequest<Answer>, so its response is 'Answer' and not 'Other'; write RequestAsync(request), or RequestAsync<Ask, Answer>",
        }));

    [TestCase("HandlerTable a", "a.OnRequest<Ask, Other>((session, in ask) => default)")]
    [TestCase("HandlerTable a", "a.OnRequest<Ask, Other>((session, ask) => System.Threading.Tasks.ValueTask.FromResult(new Other()))")]
    [TestCase("HandlerTable a", "a.OnRequest((Session session, in Ask ask) => new Other())")]
    [TestCase("HandlerTable a", "a.OnRequest((Session session, Ask ask) => System.Threading.Tasks.ValueTask.FromResult(new Other()))")]
    [TestCase("NetServer a", "a.OnRequest<Ask, Other>((session, in ask) => default)")]
    [TestCase("NetClient a", "a.OnRequest<Ask, Other>((session, in ask) => default)")]
    [TestCase("SimulatedClient a", "a.OnRequest<Ask, Other>((session, in ask) => default)")]
    [TestCase("HandlerTable a", "ForeignHandlers.OnRequest<Ask, Other>(a, (session, in ask) => default)")]
    [TestCase("HandlerTable a", "((Func<RequestHandler<Ask, Other>, OffloadOptions?, HandlerTable>)a.OnRequest<Ask, Other>)(null!, null)")]
    public void Handler_OfAnotherResponse_IsFound(string parameter, string call) => Assert.That(
        Findings($"class M {{ void Go({parameter}) {{ _ = {call}; }} }}"),
        Is.EqualTo(new[]
        {
            "NL0019 'Ask' declares INetRequest<Answer>, so its response is 'Answer' and not 'Other'; write OnRequest<Ask, Answer>",
        }));

    [TestCase("Session a", "a.RequestAsync<Ask, Answer>(default)")]
    [TestCase("Session a", "a.RequestAsync(new Ask())")]
    [TestCase("Session a", "a.RequestAsync<Plain, Other>(default)")]
    [TestCase("HandlerTable a", "a.OnRequest<Ask, Answer>((session, in ask) => default)")]
    [TestCase("HandlerTable a", "a.OnRequest<Plain, Other>((session, in ask) => default)")]
    [TestCase("Strange a", "a.RequestAsync<Ask, Other>()")]
    public void Pair_ThatIsRight_IsLeftAlone(string parameter, string call) =>
        Assert.That(Findings($"class M {{ void Go({parameter}) {{ _ = {call}; }} }}"), Is.Empty);

    [Test]
    public void Pair_OfTypeParameters_IsLeftAlone() => Assert.That(
        Findings("class M { void Go<T, R>(Session a) where T : INetMessage<T> where R : INetContract<R> { _ = a.RequestAsync<T, R>(default!); _ = "
            + "a.RequestAsync<Ask, R>(default); } }"),
        Is.Empty);

    [Test]
    public void ResponseOfARequest_IsKnown()
    {
        Compilation compilation = Compile("class M { async System.Threading.Tasks.Task<Answer> Go(NetClient a) => await a.RequestAsync(new Ask()); }");
        Assert.That(compilation.GetDiagnostics().Where(finding => finding.Severity == DiagnosticSeverity.Error), Is.Empty);
    }

    [TestCase("Session a", "a.Send(new Other())")]
    [TestCase("Session a", "a.Send<Other>(default)")]
    [TestCase("SessionGroup a", "a.Broadcast(new Other())")]
    [TestCase("NetServer a", "a.Broadcast(new Other())")]
    [TestCase("NetServer a", "a.On<Other>((session, in other) => { })")]
    [TestCase("HandlerTable a", "a.OnRequest<Other, Answer>((session, in other) => default)")]
    [TestCase("NetClient a", "a.RequestAsync<Other, Answer>(default)")]
    [TestCase("SimulatedClient a", "a.Received<Other>()")]
    public void Contract_UsedAsAMessage_IsFound(string parameter, string call)
    {
        Compilation compilation = Compile($"class M {{ void Go({parameter}) {{ _ = {call}; }} }}");
        string[] expected =
        [
            "NL0021 'Other' is a [NetContract]: it travels inside messages and has no number; mark it [NetMessage(102)] to use it as a message",
        ];
        Assert.That(Findings(compilation), Is.EqualTo(expected));
        Assert.That(Findings(WithoutOthers(compilation)), Is.EqualTo(expected));
    }

    [TestCase("Session a", "a.Send(new Plain())")]
    [TestCase("Session a", "a.Send(new Dictionary<string, int>())")]
    [TestCase("Session a", "a.RequestAsync<Dictionary<string, int>, Other>(new())")]
    [TestCase("NetServer a", "a.On<Plain>((session, in plain) => { })")]
    public void Message_UsedAsOne_IsLeftAlone(string parameter, string call) =>
        Assert.That(Findings($"class M {{ void Go({parameter}) {{ _ = {call}; }} }}"), Is.Empty);

    [TestCase("Session")]
    [TestCase("NetClient")]
    [TestCase("IMessageSender")]
    public void Request_ThatDeclaresNoResponse_IsToldHow(string sender)
    {
        Compilation compilation = Compile($"class M {{ async void Go({sender} a) {{ Other other = await a.RequestAsync(new Plain()); }} }}");
        string[] expected =
        [
            "NL0024 'Plain' does not declare its response, so the call cannot know it; declare ': INetRequest<TResponse>' on 'Plain', or write "
                + "RequestAsync<Plain, TResponse>",
        ];
        Assert.That(Findings(compilation), Is.EqualTo(expected));
        Assert.That(Findings(WithoutOthers(compilation)), Is.EqualTo(expected));
    }

    private static IEnumerable<string> Findings(string source) => Findings(Compile(source));

    private static IEnumerable<string> Findings(Compilation compilation)
    {
        ImmutableArray<Diagnostic> findings = compilation.WithAnalyzers([new RequestAnalyzer()]).GetAnalyzerDiagnosticsAsync().GetAwaiter().GetResult();
        return findings.Select(finding => $"{finding.Id} {finding.GetMessage(CultureInfo.InvariantCulture)}");
    }

    // The package for types of MessagePack-CSharp has methods for types that are not contracts; such calls compile.
    private static Compilation WithoutOthers(Compilation compilation) => compilation.RemoveReferences(
        compilation.References.Where(reference => reference.Display!.EndsWith("NetLoop.MessagePack.dll", StringComparison.Ordinal)));

    private static Compilation Compile(string source)
    {
        const string Others =
            """
            class Strange { public int RequestAsync<TRequest, TResponse>() => 0; }
            abstract class Sender : IMessageSender
            {
                public abstract SendStatus Send<T>(in T message) where T : INetMessage<T>;
                public abstract System.Threading.Tasks.Task<TResponse> RequestAsync<TRequest, TResponse>(
                    TRequest request, TimeSpan? timeout = null, System.Threading.CancellationToken cancellation = default)
                    where TRequest : INetMessage<TRequest> where TResponse : INetContract<TResponse>;
                public abstract System.Threading.Tasks.Task<TResponse> RequestAsync<TRequest, TResponse, TFormatter>(
                    TRequest request, TimeSpan? timeout = null, System.Threading.CancellationToken cancellation = default)
                    where TRequest : INetMessage<TRequest> where TFormatter : NetLoop.CompilerServices.INetFormatter<TResponse>;
            }
            """;
        GeneratorRun.Driver().RunGeneratorsAndUpdateCompilation(GeneratorRun.Compile(Contracts, Others, source), out Compilation compilation, out _);
        return compilation;
    }
}
