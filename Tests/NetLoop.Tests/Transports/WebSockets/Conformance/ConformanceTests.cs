using NetLoop.Framing.WebSockets;
using NUnit.Framework;

namespace NetLoop.Tests.Transports.WebSockets.Conformance;

/// <summary>All cases of the Autobahn test suite that need no compression, for the server and for the client.</summary>
[TestFixture(WebSocketRole.Server)]
[TestFixture(WebSocketRole.Client)]
internal sealed class ConformanceTests(WebSocketRole role)
{
    private EchoPeer _peer = null!;

    [OneTimeSetUp]
    public void StartPeer() => _peer = new EchoPeer(role);

    [OneTimeTearDown]
    public async Task StopPeer() => await _peer.DisposeAsync();

    [TestCaseSource(typeof(ConformanceTable), nameof(ConformanceTable.All))]
    public void Run_Case_EndsAsTheStandardSays(ConformanceCase conformanceCase)
    {
        using var run = new CaseRun(conformanceCase, _peer, isClient: role == WebSocketRole.Server);
        Verdict verdict = run.Run();
        Assert.That(verdict, Is.EqualTo(conformanceCase.IsInformational ? Verdict.Informational : Verdict.Ok), run.Result);
    }

    [Test]
    public void Run_CaseThatExpectsSomethingElse_IsFoundOut()
    {
        ConformanceCase echo = Find("1.1.2");
        Assert.That(Judge(echo with { Expected = [new(2, echo.Expected[0].Payload)] }), Is.EqualTo(Verdict.Failed), "binary for text");
        Assert.That(Judge(Find("2.7") with { Steps = Find("2.2").Steps }), Is.EqualTo(Verdict.Failed), "a pong too many");
        Assert.That(Judge(Find("3.2") with { CloseCodes = [1007] }), Is.EqualTo(Verdict.Failed), "another close code");
        Assert.That(Judge(Find("3.2") with { Expected = [], ExpectedNonStrict = Find("3.2").Expected }), Is.EqualTo(Verdict.NonStrict));
        Assert.That(Judge(Find("6.4.1") with { StandsAtWaits = 0 }), Is.EqualTo(Verdict.NonStrict), "stood a wait too long");
        Assert.That(Judge(Find("7.9.1") with { RequiresCleanClose = true, CloseCodes = [1000] }), Is.EqualTo(Verdict.Failed));
    }

    [TestCase("1", 16)]
    [TestCase("2", 11)]
    [TestCase("3", 7)]
    [TestCase("4", 10)]
    [TestCase("5", 20)]
    [TestCase("6", 145)]
    [TestCase("7", 37)]
    [TestCase("9", 54)]
    [TestCase("10", 1)]
    public void All_EachCategory_HasTheCasesOfTheSuite(string category, int count) =>
        Assert.That(ConformanceTable.All.Count(test => test.Id.StartsWith(category + ".", StringComparison.Ordinal)), Is.EqualTo(count));

    private static ConformanceCase Find(string id) => ConformanceTable.All.Single(test => test.Id == id);

    private Verdict Judge(ConformanceCase conformanceCase)
    {
        using var run = new CaseRun(conformanceCase, _peer, isClient: role == WebSocketRole.Server);
        return run.Run();
    }
}
