using NetLoop.Stack;
using NUnit.Framework;

namespace NetLoop.Tests.Stack;

[TestFixture]
public sealed class NetworkStackSelectionTests
{
    [TestCase(PollerKind.Auto)]
    [TestCase(PollerKind.Epoll)]
    [TestCase(PollerKind.Poll)]
    [Platform("Linux", Reason = "libc is chosen on Linux only.")]
    public void CreateDefault_KindOfLinux_IsTheLinuxStack(PollerKind kind)
    {
        INetworkStack stack = NetworkStack.CreateDefault(kind);
        Assert.That(stack.Name, Is.EqualTo("linux"));
        Assert.That(stack.MaxSockets, Is.GreaterThan(0));
    }

    [Test]
    public void CreateDefault_Select_IsThePortableStack() => Assert.That(NetworkStack.CreateDefault(PollerKind.Select).Name, Is.EqualTo("portable"));

    [Test]
    public void SystemEntropy_TwoFills_Differ()
    {
        SystemEntropy entropy = new();
        byte[] first = new byte[16];
        byte[] second = new byte[16];
        entropy.Fill(first);
        entropy.Fill(second);
        Assert.That(second, Is.Not.EqualTo(first));
    }
}
