using NUnit.Framework;

namespace NetLoop.Tests.Generators;

/// <summary>A member that an older version's message leaves out gets the default in the contract's code, however the contract is created.</summary>
[Parallelizable]
public sealed class DefaultTests
{
    [TestCase("94A161" + "03" + "9100" + "A3312E32", DecodeStatus.WrongType)]
    [TestCase("93A161" + "03" + "91A162", DecodeStatus.MissingMember)]
    public void RequiredMembers_OfAnotherTypeOrAbsent_AreRefused(string hex, DecodeStatus expected)
    {
        Assert.That(NetMessagePack.TryDeserialize(Convert.FromHexString(hex), out RequiringDefaults? _, out DecodeStatus status), Is.False);
        Assert.That(status, Is.EqualTo(expected));
    }

    [Test]
    public void RequiredMembers_Present_LeaveTheOthersTheirDefaults()
    {
        RequiringDefaults read = Read<RequiringDefaults>("94A161" + "03" + "91A162" + "A3312E32");
        Assert.That((read.Name, read.Level, read.Words, read.Version, read.Rate), Is.EqualTo(("a", 3, new List<string> { "b" }, new Version(1, 2), 0.5)));
    }

    [TestCase("81A46E616D65A161", "a", "a!", 7)]
    [TestCase("82A56C6576656C03A46E616D65A161", "a", "a!", 3)]
    [TestCase("80", "", "!", 7)]
    public void Constructor_IsAskedWithWhatHasCome(string hex, string name, string shown, int level)
    {
        ConstructedDefaults read = Read<ConstructedDefaults>(hex);
        Assert.That((read.Name, read.Shown, read.Level), Is.EqualTo((name, shown, level)));
    }

    [Test]
    public void RequiredMember_ThatTheConstructorHasToo_IsSet()
    {
        Assert.That((Read<RequiringTwice>("91A161").Name, Read<RequiringTwice>("91A161").Level), Is.EqualTo(("a", 7)));
        RequiringNothing nothing = Read<RequiringNothing>("91A161");
        Assert.That((nothing.Name, nothing.Note, nothing.Level), Is.EqualTo(("a", "none", 7)));
    }

    [Test]
    public void MembersOfABaseType_AreWhatTheDerivedOneLeaves()
    {
        Assert.That((Read<DerivedDefaults>("90").Name, Read<DerivedDefaults>("90").Level), Is.EqualTo(("derived", 7)));
        Assert.That((Read<DerivedDefaults>("91A161").Name, Read<DerivedDefaults>("91A161").Level), Is.EqualTo(("a", 7)));
    }

    private static T Read<T>(string hex)
        where T : INetContract<T>
    {
        Assert.That(NetMessagePack.TryDeserialize(Convert.FromHexString(hex), out T? value, out DecodeStatus status), Is.True, status.ToString());
        return value!;
    }
}
