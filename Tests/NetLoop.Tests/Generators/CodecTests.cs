using System.Globalization;
using Microsoft.CodeAnalysis;
using NUnit.Framework;

namespace NetLoop.Tests.Generators;

/// <summary>Contracts whose bytes are defined by their own codec.</summary>
[Parallelizable]
public sealed class CodecTests
{
    private const string Codec =
        """
        public sealed class Some : IMessageCodec
        {
            public static void Write<T>(ref NetWriter writer, in T value) { }
            public static bool TryRead<T>(ref NetReader reader, [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out T value) { value = default; return false; }
        }
        """;

    [Test]
    public void Codec_WritesAndReadsTheWholeValue()
    {
        byte[] wire = NetMessagePack.Serialize(new Coded { Anything = new object(), Text = "hi" });
        Assert.That(wire, Is.EqualTo(new byte[] { 0xA2, (byte)'h', (byte)'i' }));
        Assert.That(NetMessagePack.TryDeserialize(wire, out Coded? read, out _), Is.True);
        Assert.That(read!.Text, Is.EqualTo("hi"));
        Assert.That(NetMessagePack.TryDeserialize([0x05], out read, out DecodeStatus status), Is.False);
        Assert.That(status, Is.EqualTo(DecodeStatus.WrongType));
    }

    [Test]
    public void Codec_OfAMember_IsUsedInside()
    {
        byte[] wire = NetMessagePack.Serialize(new HoldsCoded(new Coded { Text = "a" }, [new CodedPart<int>()]));
        Assert.That(NetMessagePack.TryDeserialize(wire, out HoldsCoded? read, out _), Is.True);
        Assert.That(read!.Whole!.Text, Is.EqualTo("a"));
        Assert.That(read.Parts, Has.Count.EqualTo(1));
        Assert.That(NetMessagePack.Serialize(new HoldsCoded(null, [])), Is.EqualTo(new byte[] { 0x92, 0xC0, 0x90 }));
    }

    [Test]
    public void Description_OfACodec_SaysThatTheFormIsOpaque() => Assert.That(
        GeneratorRun.Description($"namespace Game; [NetMessage(100, Codec = typeof(Some))] public abstract partial class A {{ public object? X; }} {Codec}"),
        Does.Contain("\"message 100 Game.A: opaque Game.Some\\n\";"));

    [TestCase("Codec = null", "public partial class A", "it is null; name a type, or leave it out to have the code generated")]
    [TestCase("Codec = typeof(Other)", "public partial class A", "'Other' does not implement IMessageCodec")]
    [TestCase("Codec = typeof(Generic<>)", "public partial class A", "'Generic' is generic; write the type arguments too")]
    [TestCase("Codec = typeof(IMessageCodec)", "public partial class A", "'NetLoop.IMessageCodec' is neither a class nor a struct")]
    [TestCase("Codec = typeof(int[])", "public partial class A", "'int[]' is neither a class nor a struct")]
    public void Codec_ThatCannotBeUsed_SaysWhy(string argument, string type, string reason)
    {
        Diagnostic finding = GeneratorRun.Findings($"[NetMessage(100, {argument})] {type}; public class Other; public class Generic<T>; {Codec}").Single();
        Assert.That(finding.Id, Is.EqualTo("NL0012"));
        Assert.That(finding.GetMessage(CultureInfo.InvariantCulture), Is.EqualTo($"'A' cannot have its codec: {reason}"));
    }

    [Test]
    public void Codec_OfATypeThatNoCodeCanExtend_IsReported() =>
        Assert.That(
            GeneratorRun.Findings($"[NetMessage(100, Codec = typeof(Some))] file partial class A; {Codec}").Select(finding => finding.Id),
            Is.EqualTo(new[] { "NL0006" }));
}
