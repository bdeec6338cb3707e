using NetLoop.Demo.Client;
using NetLoop.Demo.Echo;
using NUnit.Framework;

namespace NetLoop.Tests.Demo.Client;

/// <summary>Emotes and mentions in lines of chat.</summary>
public sealed class RichTextTests
{
    [TestCase("plain text")]
    [TestCase("ana@example.org, 12:30:45, :unknown:, : wave :")]
    public void Parse_NothingRich_IsNull(string text) => Assert.That(RichText.Parse(text), Is.Null);

    [Test]
    public void Parse_EmotesAndMentions_KnowsWhereTheyAre()
    {
        Rich rich = RichText.Parse("@Ana :wave::wave: and @Bob")!;
        Assert.That(rich.Emotes["wave"], Is.EqualTo(new[] { 5..11, 11..17 }));
        Assert.That(rich.Mentions.Keys, Is.EqualTo(new[] { "Ana", "Bob" }));
        Assert.That(RichText.Print(rich, "Bob"), Is.EqualTo("> @Ana \U0001F44B\U0001F44B and @Bob"));
        Assert.That(RichText.Print(rich, "Eve"), Is.EqualTo("@Ana \U0001F44B\U0001F44B and @Bob"));
    }

    [Test]
    public void Print_RangesThatDoNotFit_AreLeftOut()
    {
        Rich rich = new() { Text = "ab:wave:" };
        rich.Emotes["wave"] = [2..8, 3..7, 0..900, 5..5, 7..2];
        rich.Emotes["none"] = [0..1];
        Assert.That(RichText.Print(rich, null), Is.EqualTo("ab:\U0001F44B:").Or.EqualTo("ab\U0001F44B"));
    }

    [Test]
    public void Rich_RoundTrip_KeepsEverything()
    {
        byte[] bytes = NetMessagePack.Serialize(RichText.Parse("hi @Ana :party:")!);
        Assert.That(NetMessagePack.TryDeserialize(bytes, out Rich? read), Is.True);
        Assert.That(read!.Emotes["party"], Is.EqualTo(new[] { 8..15 }));
        Assert.That(
            NetMessagePack.TryDeserialize([0x93, 0xA0, 0x81, 0xA1, 0x61, 0x91, 0x91, 0x01, 0x80], out read, out DecodeStatus status),
            Is.False,
            "a range of one index");
        Assert.That(status, Is.EqualTo(DecodeStatus.Malformed));
    }
}
