using System.Runtime.Versioning;
using NetLoop.Buffers;
using NetLoop.Stack.Linux;
using NUnit.Framework;

namespace NetLoop.Tests.Buffers;

/// <summary>After an allocation has failed, the pool does not try again at once.</summary>
public sealed class PinnedSlabsTests
{
    private const int Large = 16 << 20;
    private const int Small = 256 << 10;

    [Test]
    public void TryAllocate_LargeOneFailed_SmallOneIsAllocated()
    {
        var slabs = new PinnedSlabs(static bytes => bytes < Large ? new byte[bytes] : throw new InsufficientMemoryException(), vacate: null);
        Assert.That(slabs.TryAllocate(Large), Is.Null);
        Assert.That(slabs.TryAllocate(Small), Has.Length.EqualTo(Small));
    }

    [Test]
    [Platform("Linux")]
    [SupportedOSPlatform("linux")]
    public void TryVacate_LessThanAPage_GivesNothingBack() =>
        Assert.That(PageMemory.TryVacate(GC.AllocateArray<byte>(100, pinned: true)), Is.False);
}
