using System.Globalization;
using Microsoft.CodeAnalysis;
using NUnit.Framework;
using NetLoop.Messaging;
using NetLoop.Sending;

namespace NetLoop.Tests.Generators;

/// <summary>How a message is sent, as its attribute says.</summary>
[Parallelizable]
public sealed class DeliveryTests
{
    [Test]
    public void Delivery_OfTheContract_IsThatOfItsSends()
    {
        SendMode mode = SendModes.Of(new Steering(7, 1.5f));
        Assert.That((mode.Delivery, mode.Channel, mode.ConflationKey), Is.EqualTo((Delivery.Sequenced, 3, ((ushort)61_001, 7L))));
        Assert.That(mode.IsExpendable, Is.True);
    }

    [Test]
    public void Delivery_NotDeclared_IsReliableAndOrderedOnChannelZero()
    {
        SendMode mode = SendModes.Of(new Plain(1));
        Assert.That((mode.Delivery, mode.Channel, mode.IsExpendable), Is.EqualTo((Delivery.ReliableOrdered, 0, false)));
    }

    [Test]
    public void Delivery_OfOneSend_OverridesTheContract()
    {
        SendMode mode = SendModes.Of(new Steering(7, 1.5f), Delivery.ReliableUnordered);
        Assert.That((mode.Delivery, mode.Channel), Is.EqualTo((Delivery.ReliableUnordered, 3)));
        Assert.That(SendModes.Of(new Plain(1), Delivery.Sequenced).ConflationKey, Is.EqualTo(((ushort)61_002, 0L)));
    }

    [TestCase("bool", "true")]
    [TestCase("char", "'a'")]
    [TestCase("sbyte", "-1")]
    [TestCase("ulong", "ulong.MaxValue")]
    [TestCase("System.DayOfWeek", "System.DayOfWeek.Friday")]
    public void ConflateBy_EveryKindOfInteger_IsTheKey(string type, string value)
    {
        string source = $"[NetMessage(100, Delivery = Delivery.Sequenced, ConflateBy = \"Id\")] public partial record struct A([property: Key(0)] {type} Id);"
            + $"public static class B {{ public static A Value => new({value}); }}";
        Assert.That(GeneratorRun.Findings(source), Is.Empty);
    }

    [TestCase("Delivery = (Delivery)4", "Delivery is 4, which is not a value of the enum")]
    [TestCase("Channel = 16", "Channel is 16; use 0 to 15")]
    [TestCase("Channel = -1", "Channel is -1; use 0 to 15")]
    [TestCase("ConflateBy = \"Id\"", "ConflateBy needs Delivery = Delivery.Sequenced: only then does a newer message replace a waiting one")]
    [TestCase(
        "Delivery = Delivery.Sequenced, ConflateBy = \"Name\"",
        "ConflateBy names 'Name', which is not a readable property or field of an integer, enum, char or bool type")]
    [TestCase(
        "Delivery = Delivery.Sequenced, ConflateBy = \"Missing\"",
        "ConflateBy names 'Missing', which is not a readable property or field of an integer, enum, char or bool type")]
    public void Delivery_ThatCannotBe_SaysWhy(string argument, string reason)
    {
        string source = $"[NetMessage(100, {argument})] public partial record struct A([property: Key(0)] int Id, [property: Key(1)] string Name);";
        Diagnostic finding = GeneratorRun.Findings(source).Single();
        Assert.That(finding.Id, Is.EqualTo("NL0025"));
        Assert.That(finding.GetMessage(CultureInfo.InvariantCulture), Is.EqualTo($"[NetMessage] of 'A': {reason}"));
    }
}
