using NetLoop.Buffers;
using NUnit.Framework;

namespace NetLoop.Tests.Buffers;

public sealed class SizeClassTests
{
    [TestCase(1, 256)]
    [TestCase(255, 256)]
    [TestCase(256, 256)]
    [TestCase(257, 1 << 10)]
    [TestCase(1 << 10, 1 << 10)]
    [TestCase((1 << 10) + 1, 4 << 10)]
    [TestCase(16 << 10, 16 << 10)]
    [TestCase(64 << 10, 64 << 10)]
    [TestCase((64 << 10) + 1, 256 << 10)]
    [TestCase(1 << 20, 1 << 20)]
    [TestCase((1 << 20) + 1, 4 << 20)]
    [TestCase((4 << 20) + 1, SizeClass.LargestBlockBytes)]
    [TestCase(16 << 20, SizeClass.LargestBlockBytes)]
    [TestCase(SizeClass.LargestBlockBytes, SizeClass.LargestBlockBytes)]
    public void IndexFor_Bytes_IsSmallestClassThatHoldsThem(int bytes, int blockBytes)
    {
        var sizeClass = new SizeClass(SizeClass.IndexFor(bytes), BufferPoolOptions.DefaultSlabBytes);
        Assert.That(sizeClass.BlockBytes, Is.EqualTo(blockBytes));
    }
}
