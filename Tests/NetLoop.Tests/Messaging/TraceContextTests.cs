using System.Diagnostics;
using NetLoop.Messaging;
using NetLoop.Tests.Sessions;
using NUnit.Framework;

namespace NetLoop.Tests.Messaging;

[Parallelizable]
public sealed class TraceContextTests
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    private const string Span = "00f067aa0ba902b7";
    private const string Parent = $"00-{Trace}-{Span}-01";

    [Test]
    public void TryParse_ParentAndState_AreTheRemoteContext()
    {
        Assert.That(Parse(out RemoteTrace? trace, Parent, "a=1,b=2"), Is.True);
        ActivityContext context = trace!.Context;
        Assert.Multiple(() =>
        {
            Assert.That(context.TraceId.ToHexString(), Is.EqualTo(Trace));
            Assert.That(context.SpanId.ToHexString(), Is.EqualTo(Span));
            Assert.That(context.TraceFlags, Is.EqualTo(ActivityTraceFlags.Recorded));
            Assert.That(context.TraceState, Is.EqualTo("a=1,b=2"));
            Assert.That(context.IsRemote, Is.True);
        });
    }

    [TestCase("00", false)]
    [TestCase("01", true)]
    [TestCase("02", false)]
    [TestCase("09", true)]
    [TestCase("0a", false)]
    [TestCase("0b", true)]
    [TestCase("0e", false)]
    [TestCase("ff", true)]
    public void TryParse_Flags_TheLowestBitIsRead(string flags, bool isSampled)
    {
        Assert.That(Parse(out RemoteTrace? trace, $"00-{Trace}-{Span}-{flags}"), Is.True);
        Assert.That(trace!.Context.TraceFlags, Is.EqualTo(isSampled ? ActivityTraceFlags.Recorded : ActivityTraceFlags.None));
    }

    [TestCase($"cc-{Trace}-{Span}-01")]
    [TestCase($"cc-{Trace}-{Span}-01-what the future will bring")]
    public void TryParse_LaterVersion_IsReadAsTheFirst(string parent)
    {
        Assert.That(Parse(out RemoteTrace? trace, parent), Is.True);
        Assert.That(trace!.Context.SpanId.ToHexString(), Is.EqualTo(Span));
    }

    private static IEnumerable<TestCaseData> Malformed()
    {
        yield return Case("empty", "");
        yield return Case("cut", Parent[..^1]);
        yield return Case("longer than version 00", Parent + "-1");
        yield return Case("version ff", "ff" + Parent[2..]);
        yield return Case("version is no number", "0x" + Parent[2..]);
        yield return Case("upper case", Parent.Replace('f', 'F'));
        yield return Case("not hexadecimal", Parent.Replace('f', 'g'));
        yield return Case("trace of zeros", $"00-{new string('0', 32)}-{Span}-01");
        yield return Case("span of zeros", $"00-{Trace}-{new string('0', 16)}-01");
        yield return Case("flags", $"00-{Trace}-{Span}-0x");
        yield return Case("first separator", "00_" + Parent[3..]);
        yield return Case("second separator", Parent[..35] + "_" + Parent[36..]);
        yield return Case("third separator", Parent[..52] + "_" + Parent[53..]);
        yield return Case("later version without a separator", $"cc-{Trace}-{Span}-01x");
        yield return Case("later version that is too long", $"cc-{Trace}-{Span}-01-{new string('x', 73)}");
        yield return Case("longer than any", new string('x', 10_000));
        yield return Case("a number", 5);
        yield return Case("an array", (object)Wire.Array(Parent));

        static TestCaseData Case(string name, object parent) => new TestCaseData(parent).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Malformed))]
    public void TryParse_MalformedParent_IsIgnored(object parent)
    {
        Assert.That(Parse(out RemoteTrace? trace, parent, "a=1"), Is.False);
        Assert.That(trace, Is.Null);
    }

    private static IEnumerable<TestCaseData> MalformedStates()
    {
        yield return new TestCaseData(new string('x', 513)).SetArgDisplayNames("too long");
        yield return new TestCaseData("a=\n").SetArgDisplayNames("control character");
        yield return new TestCaseData("a=ä").SetArgDisplayNames("not ASCII");
        yield return new TestCaseData(5).SetArgDisplayNames("a number");
    }

    [TestCaseSource(nameof(MalformedStates))]
    public void TryParse_MalformedState_DoesNotAffectTheParent(object state)
    {
        Assert.That(Parse(out RemoteTrace? trace, Parent, state), Is.False);
        Assert.That(trace!.Context.SpanId.ToHexString(), Is.EqualTo(Span));
        Assert.That(trace.Context.TraceState, Is.Null);
    }

    [Test]
    public void TryParse_LongestState_IsRead()
    {
        string state = new('x', 512);
        Assert.That(Parse(out RemoteTrace? trace, Parent, state), Is.True);
        Assert.That(trace!.Context.TraceState, Is.EqualTo(state));
    }

    [Test]
    public void TryParse_NoContext_IsNoMistake()
    {
        Assert.That(TraceContext.TryParse([0xC0], isWanted: true, out RemoteTrace? trace), Is.True);
        Assert.That(trace, Is.Null);
        Assert.That(TraceContext.TryParse([0x90], isWanted: true, out _), Is.False, "an empty array");
        Assert.That(TraceContext.TryParse([0x05], isWanted: true, out _), Is.False, "a number");
        Assert.That(Parse(out trace, Parent, null, "later"), Is.True, "elements that this version does not know");
        Assert.That(trace, Is.Not.Null);
    }

    [TestCase(Parent)]
    [TestCase("00-what")]
    public void TryParse_NobodyListens_AllocatesNothing(string parent)
    {
        byte[] encoded = Wire.Body(parent, "a=1");
        bool isValid = parent == Parent;
        Assert.That(TraceContext.TryParse(encoded, isWanted: false, out RemoteTrace? trace), Is.EqualTo(isValid));
        Assert.That(trace, Is.Null);
        Assert.That(Allocations.Of(() => TraceContext.TryParse(encoded, isWanted: false, out _)), Is.Zero);
    }

    [TestCase(null)]
    [TestCase("a=1")]
    public void Write_ThenParse_IsTheSame(string? state)
    {
        byte[] bytes = new byte[100];
        var writer = new NetWriter(bytes);
        TraceContext.Write(ref writer, Parent, state);
        Assert.That(TraceContext.TryParse(bytes.AsSpan(0, writer.BytesWritten), isWanted: true, out RemoteTrace? trace), Is.True);
        Assert.That((trace!.Context.SpanId.ToHexString(), trace.Context.TraceState), Is.EqualTo((Span, state)));
        Assert.That(bytes[0], Is.EqualTo(state is null ? 0x91 : 0x92));
    }

    private static bool Parse(out RemoteTrace? trace, params object?[] items) => TraceContext.TryParse(Wire.Body(items), isWanted: true, out trace);
}
