using System.Text;
using NetLoop.Framing.WebSockets;
using NUnit.Framework;

namespace NetLoop.Tests.Framing.WebSockets;

public sealed class HttpHeadTests
{
    [Test]
    public void Parse_ControlCharacterInAValue_IsRejected([Range(0, 0x1F)] int code)
    {
        // Without its line feed a carriage return ends no line; a line feed alone does not either.
        Assert.That(Parse($"GET / HTTP/1.1\r\nHost: a\r\nX-Any: b{(char)code}c\r\n\r\n"), Is.EqualTo(code == '\t' ? 0 : 400));
    }

    [TestCase(0x20, 0)]
    [TestCase(0x7E, 0)]
    [TestCase(0x7F, 400)]
    [TestCase(0x80, 0)]
    [TestCase(0xFF, 0)]
    public void Parse_OtherCharacterInAValue_IsTakenUnlessItIsDelete(int code, int expected) =>
        Assert.That(Parse($"GET / HTTP/1.1\r\nHost: a\r\nX-Any: b{(char)code}c\r\n\r\n"), Is.EqualTo(expected));

    private static int Parse(string head) => HttpHead.Parse(Encoding.Latin1.GetBytes(head), out _);
}
