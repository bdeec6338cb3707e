using NetLoop.Diagnostics;
using NUnit.Framework;

namespace NetLoop.Tests.Diagnostics;

public sealed class EscapedTextTests
{
    [TestCase("plain text, Ünïcode 🎮", "plain text, Ünïcode 🎮")]
    [TestCase("\x1b[2Jgone", "\\u001b[2Jgone")]
    [TestCase("two\r\nlines", "two\\u000d\\u000alines")]
    [TestCase("\u009b31m\u007f", "\\u009b31m\\u007f")]
    [TestCase("abc\u202Egnp.exe\u2066", "abc\\u202egnp.exe\\u2066")]
    [TestCase("a\u2028b\u2029", "a\\u2028b\\u2029")]
    public void From_Text_ShowsWhatATerminalWouldObey(string text, string expected) => Assert.That(EscapedText.From(text), Is.EqualTo(expected));

    [Test]
    public void From_HarmlessText_IsTheSameObject()
    {
        string text = new('x', EscapedText.MaxCharacters);
        Assert.That(EscapedText.From(text), Is.SameAs(text));
    }

    [Test]
    public void From_LongText_IsCut() =>
        Assert.That(EscapedText.From(new string('x', EscapedText.MaxCharacters + 1)), Is.EqualTo(new string('x', EscapedText.MaxCharacters) + "…"));

    [Test]
    public void CloseInfo_TextOfAPeer_IsRawForProgramsAndEscapedForPeople()
    {
        var info = new CloseInfo(CloseReason.Normal, "bye\x1b[2J\n", ByPeer: true);
        Assert.That(info.Text, Is.EqualTo("bye\x1b[2J\n"));
        Assert.That(info.ToString(), Is.EqualTo("Normal: bye\\u001b[2J\\u000a"));
    }

    [Test]
    public void NetEndpoint_PathOfAPeer_IsEscapedInLogs()
    {
        NetEndpoint peer = NetEndpoint.Unix("/tmp/\x1b]0;owned\a");
        Assert.That(peer.ToString(), Is.EqualTo("/tmp/\\u001b]0;owned\\u0007"));
        Assert.That(peer.Path, Is.EqualTo("/tmp/\x1b]0;owned\a"));
        Assert.That(NetEndpoint.Parse(peer.ToUri()), Is.EqualTo(peer));
    }

    [Test]
    public void From_EveryCharacterThatCouldDeceive_IsEscaped()
    {
        const string Marks = "\u061C\u200E\u200F\u2028\u2029\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069\uFEFF";
        IEnumerable<char> controls = Enumerable.Range(0, 0x20).Concat(Enumerable.Range(0x7F, 0x21)).Select(code => (char)code);
        foreach (char c in controls.Concat(Marks))
        {
            Assert.That(EscapedText.From($"a{c}b"), Is.EqualTo($"a\\u{(int)c:x4}b"));
        }
    }
}
