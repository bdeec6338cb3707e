using NetLoop.Framing.WebSockets;
using NUnit.Framework;

namespace NetLoop.Tests.Transports.WebSockets.Conformance;

/// <summary>All cases of the Autobahn test suite that need no compression, against the server and against the client.</summary>
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
}
