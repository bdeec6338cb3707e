using NUnit.Framework;

namespace NetLoop.Tests.Architecture;

/// <summary>Checks the engine's sources against the rules of its design.</summary>
[Parallelizable]
public sealed class EngineArchitectureTests
{
    private EngineSources _engine = null!;

    [OneTimeSetUp]
    public void LoadEngine() => _engine = EngineSources.Load();

    [Test]
    public void Engine_EveryName_IsUnderstoodByTheRules() => AssertNone(_engine.UnknownNames());

    [Test]
    public void Engine_EveryFolder_UsesOnlyThoseBelow() => AssertNone(LayerRule.Check(_engine));

    [Test]
    public void Engine_NoFolders_UseEachOther() => AssertNone(CycleRule.Check(_engine));

    [Test]
    public void Engine_WhatKnowsAConnection_KnowsNoSocket() => AssertNone(TransportSeamRule.Check(_engine));

    [Test]
    public void Engine_EveryType_IsInItsNamespace() => AssertNone(NamespaceRule.Check(_engine));

    [Test]
    public void Engine_NoStatic_CanChange() => AssertNone(StaticStateRule.Check(_engine));

    [Test]
    public void Engine_NoFunction_IsAsyncVoid() => AssertNone(AsyncVoidRule.Check(_engine));

    [Test]
    public void Engine_EveryWarning_IsLimited() => AssertNone(LogSiteRule.Check(_engine));

    private static void AssertNone(IEnumerable<string> violations)
    {
        string[] lines = [.. violations.Distinct()];
        Assert.That(lines, Is.Empty, string.Join('\n', lines));
    }
}
