using NetLoop.Transports.WebSockets;
using NUnit.Framework;

namespace NetLoop.Tests.Transports.WebSockets;

internal sealed class CloseReasonCodesTests
{
    [Test]
    public void FromCloseCode_CodeOfAReason_IsThatReason([Values] CloseReason reason) =>
        Assert.That(CloseReasonCodes.FromCloseCode(reason.ToCloseCode(), isFromServer: true), Is.EqualTo(reason));

    [TestCase(0, CloseReason.Normal)]
    [TestCase(1000, CloseReason.Normal)]
    [TestCase(1001, CloseReason.Normal, Description = "a browser that leaves the page")]
    [TestCase(1002, CloseReason.Malformed)]
    [TestCase(1008, CloseReason.Malformed)]
    [TestCase(3999, CloseReason.Normal)]
    [TestCase(4999, CloseReason.Normal)]
    public void FromCloseCode_OfAClient_IsWhatItMeans(int code, CloseReason reason) =>
        Assert.That(CloseReasonCodes.FromCloseCode(code, isFromServer: false), Is.EqualTo(reason));
}
