using System.Text;
using System.Text.Unicode;
using NetLoop.Framing.WebSockets;
using NUnit.Framework;

namespace NetLoop.Tests.Framing.WebSockets;

[Parallelizable]
public sealed class Utf8CheckerTests
{
    [Test]
    public void TryAdvance_EveryCodePoint_IsValidWholeAndByteByByte()
    {
        byte[] bytes = new byte[4];
        for (int value = 0; value <= 0x10FFFF; value++)
        {
            if (Rune.TryCreate(value, out Rune rune))
            {
                int length = rune.EncodeToUtf8(bytes);
                if (!IsValid(bytes.AsSpan(0, length), int.MaxValue) || !IsValid(bytes.AsSpan(0, length), 1))
                {
                    Assert.Fail($"U+{value:X4}");
                }
            }
        }
    }

    [Test]
    public void TryAdvance_EveryTwoBytesThenContinuations_AgreesWithTheRuntime()
    {
        byte[] bytes = [0, 0, 0x80, 0xBF, (byte)'x'];
        for (int first = 0; first < 256; first++)
        {
            for (int second = 0; second < 256; second++)
            {
                bytes[0] = (byte)first;
                bytes[1] = (byte)second;
                for (int length = 1; length <= bytes.Length; length++)
                {
                    ReadOnlySpan<byte> text = bytes.AsSpan(0, length);
                    bool expected = Utf8.IsValid(text);
                    if (IsValid(text, int.MaxValue) != expected || IsValid(text, 1) != expected || IsValid(text, 2) != expected)
                    {
                        Assert.Fail(Convert.ToHexString(text));
                    }
                }
            }
        }
    }

    [TestCase("F490", 1)]
    [TestCase("EDA0", 1)]
    [TestCase("C0", 0)]
    [TestCase("41F5", 1)]
    [TestCase("E08080", 1)]
    [TestCase("C3C3", 1)]
    public void TryAdvance_FirstByteThatNoTextHas_FailsAtIt(string hex, int at)
    {
        byte[] bytes = Convert.FromHexString(hex);
        var checker = default(Utf8Checker);
        for (int i = 0; i < at; i++)
        {
            Assert.That(checker.TryAdvance(bytes.AsSpan(i, 1)), Is.True, $"byte {i}");
        }

        Assert.That(checker.TryAdvance(bytes.AsSpan(at, 1)), Is.False);
        var whole = default(Utf8Checker);
        Assert.That(whole.TryAdvance(bytes.AsSpan(0, at + 1)), Is.False);
    }

    private static bool IsValid(ReadOnlySpan<byte> text, int step)
    {
        var checker = default(Utf8Checker);
        while (!text.IsEmpty)
        {
            int count = Math.Min(step, text.Length);
            if (!checker.TryAdvance(text[..count]))
            {
                return false;
            }

            text = text[count..];
        }

        return checker.IsAtBoundary;
    }
}
