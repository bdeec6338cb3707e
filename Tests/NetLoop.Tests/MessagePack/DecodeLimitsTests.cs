using NUnit.Framework;

namespace NetLoop.Tests.MessagePack;

[Parallelizable]
public sealed class DecodeLimitsTests
{
    [Test]
    public void Default_IsMadeForHostilePeers()
    {
        DecodeLimits limits = DecodeLimits.Default;
        Assert.Multiple(() =>
        {
            Assert.That(limits.MaxDepth, Is.EqualTo(64));
            Assert.That(limits.MaxItems, Is.EqualTo(65_536));
            Assert.That(limits.MaxStringBytes, Is.EqualTo(65_536));
            Assert.That(limits.MaxBinaryBytes, Is.EqualTo(65_536));
            Assert.That(limits.MaxDecodedBytesPerByte, Is.EqualTo(96));
            Assert.That(limits.MinDecodedBytes, Is.EqualTo(65_536));
        });
    }

    [Test]
    public void MaxDepth_OutOfRange_SaysWhatIsAllowed([Values(-1, 501)] int depth) =>
        Assert.That(
            () => new DecodeLimits { MaxDepth = depth },
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("from 0 to 500").And.Message.Contains("DecodeLimits.MaxDepth"));

    [Test]
    public void MaxItems_Negative_SaysWhatIsAllowed() =>
        Assert.That(() => new DecodeLimits { MaxItems = -1 }, Throws.InstanceOf<ArgumentOutOfRangeException>());
}
