using NUnit.Framework;

namespace NetLoop.Tests.MessagePack.Interop;

/// <summary>Random contracts: this library and others write the same bytes, and each reads what the other wrote.</summary>
[Parallelizable]
public sealed class RandomShapeTests
{
    private const int Shapes = 125;
    private const int CommonShapes = 50;

    [Test]
    public void RandomShapes_MessagePackCSharp_AgreesBothWays()
    {
        var comparison = new MessagePackCSharpComparison();
        CompiledShapes.Show(new RandomShapes(seed: 15) { Leaf = RandomShapes.AnyLeaf }.Write(Shapes), comparison);
        comparison.AssertNoDifference(Shapes);
    }

    [Test]
    public void RandomShapes_NerdbankMessagePack_AgreesBothWays()
    {
        var comparison = new NerdbankComparison();
        CompiledShapes.Show(
            new RandomShapes(seed: 17) { Leaf = RandomShapes.CommonLeaf, HasCompounds = false, OnlyNames = true }.Write(CommonShapes), comparison);
        comparison.AssertNoDifference(CommonShapes);
    }

    [Test]
    public void RandomShapes_SameSeed_AreTheSame()
    {
        string first = new RandomShapes(seed: 1) { Leaf = RandomShapes.AnyLeaf }.Write(20);
        Assert.That(new RandomShapes(seed: 1) { Leaf = RandomShapes.AnyLeaf }.Write(20), Is.EqualTo(first));
        Assert.That(new RandomShapes(seed: 2) { Leaf = RandomShapes.AnyLeaf }.Write(20), Is.Not.EqualTo(first));
    }
}
