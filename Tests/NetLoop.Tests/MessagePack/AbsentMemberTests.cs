extern alias fuzzing;

using System.Reflection;
using fuzzing::NetLoop.Fuzzing.Targets;
using NUnit.Framework;

namespace NetLoop.Tests.MessagePack;

/// <summary>Whatever a peer leaves out, a handler never gets a null that the type does not allow.</summary>
[Parallelizable]
public sealed class AbsentMemberTests
{
    // All except those that throw on purpose.
    private static IEnumerable<Type> Contracts =>
        ContractCatalog.Find(typeof(AbsentMemberTests).Assembly).Where(type => type.Name is not ("Picky" or "PickyLater"));

    // Too short in all ways, nil in all places, and with members that are too short.
    private static IEnumerable<string> Inputs =>
    [
        "80", "C0",
        .. Enumerable.Range(0, 16).Select(count => $"{0x90 + count:X2}{string.Concat(Enumerable.Repeat("C0", count))}"),
        .. Enumerable.Range(1, 15).Select(count => $"{0x90 + count:X2}{string.Concat(Enumerable.Repeat("90", count))}"),
        .. Enumerable.Range(1, 15).Select(count => $"{0x90 + count:X2}{string.Concat(Enumerable.Repeat("92C0C0", count))}"),
        .. Enumerable.Range(1, 15).Select(count => $"{0x90 + count:X2}{string.Concat(Enumerable.Repeat("9190", count))}"),
        "9100", "920090", "92009190", "920190", "92079190",
    ];

    [Test]
    public void TryRead_MembersAbsent_LeavesNoNullInAnyContract()
    {
        MethodInfo check = typeof(AbsentMemberTests).GetMethod(nameof(Check), BindingFlags.NonPublic | BindingFlags.Static)!;
        int read = Contracts.Sum(type => (int)check.MakeGenericMethod(type).Invoke(null, null)!);
        Assert.That(read, Is.GreaterThan(200), "inputs that some contract accepts");
    }

    [Test]
    public void TryRead_StructsOfReferencesAbsent_HaveEmptyOnes()
    {
        HollowStructs value = Read<HollowStructs>("90");
        Assert.That(value.Pair, Is.EqualTo(new KeyValuePair<string, int>("", 0)));
        Assert.That((value.Tuple.Name, value.Tuple.Parts), Is.EqualTo(("", Array.Empty<string>())));
        Assert.That((value.Numbers.IsDefault, value.Bytes.Array), Is.EqualTo((false, Array.Empty<byte>())));
        Assert.That((value.Nested.Item2.Key, value.Nested.Item2.Value), Is.EqualTo(("", new List<string>())));
        Assert.That(Read<HollowStructs>("9192A16107").Pair, Is.EqualTo(new KeyValuePair<string, int>("a", 7)));
    }

    [TestCase("80")]
    [TestCase("81A474657874A161")]
    public void TryRead_MapWithoutAStructOfReferences_IsRejected(string hex) => AssertMissing<HollowMap>(hex);

    [Test]
    public void TryRead_MapWithTheStruct_HasEmptyOnesForTheRest()
    {
        HollowMap value = Read<HollowMap>("81A56C6162656C91A161");
        Assert.That((value.Label.Text, value.Text, value.Pair.Key), Is.EqualTo(("a", "", "")));
    }

    [TestCase("90")]
    [TestCase("919100")]
    [TestCase("9192009300C090")]
    public void TryRead_StructsFurtherInside_AreRefused(string hex) =>
        AssertMissing<LabelOwner>(hex, hex is "9192009300C090" ? DecodeStatus.WrongType : DecodeStatus.MissingMember);

    [Test]
    public void TryRead_StructsThatTheContractSets_AreWhatItSets()
    {
        LabelDefaults value = Read<LabelDefaults>("90");
        Assert.That((value.Initialized.Text, value.Assigned.Key, value.Numbers[0]), Is.EqualTo(("initialized", "assigned", 7)));
    }

    [Test]
    public void TryRead_PromisedReferencesAbsent_AreEmptyOrRefused()
    {
        BrokenPromises value = Read<BrokenPromises>("90");
        Assert.That((value.Text, value.Words.Count), Is.EqualTo(("", 0)));
        AssertMissing<BrokenPromise>("9101");
        Assert.That(Read<BrokenPromise>("920190").Inner.Text, Is.Empty);
    }

    [Test]
    public void TryRead_ReferencesThatAConstructorSets_AreThose()
    {
        KeptPromise value = Read<KeptPromise>("90");
        Assert.That((value.Inner.Text, value.Text), Is.EqualTo(("kept", "")));
    }

    [Test]
    public void TryRead_ParametersWithoutAValue_AreEmpty()
    {
        HollowParameters value = Read<HollowParameters>("90");
        Assert.That((value.Pair, value.Text, value.Label), Is.EqualTo((("", 0), "", (Label?)null)));
    }

    [Test]
    public void TryRead_GenericsOfStructs_AreRefusedUnlessTheyCannotHoldReferences()
    {
        AssertMissing<WrappedPairs>("9190");
        AssertMissing<WrappedPairs>("93C091009200" + "90");
        Assert.That(Read<WrappedPairs>("92C090").Number.Value, Is.Zero);
    }

    private static T Read<T>(string hex)
        where T : INetContract<T>
    {
        Assert.That(NetMessagePack.TryDeserialize(Convert.FromHexString(hex), out T? value, out DecodeStatus status), Is.True, status.ToString());
        return value!;
    }

    private static void AssertMissing<T>(string hex, DecodeStatus expected = DecodeStatus.MissingMember)
        where T : INetContract<T>
    {
        Assert.That(NetMessagePack.TryDeserialize(Convert.FromHexString(hex), out T? _, out DecodeStatus status), Is.False);
        Assert.That(status, Is.EqualTo(expected));
    }

    private static int Check<T>()
        where T : INetContract<T>
    {
        int accepted = 0;
        foreach (string hex in Inputs)
        {
            if (NetMessagePack.TryDeserialize(Convert.FromHexString(hex), out T? value))
            {
                accepted++;
                Assert.That(NullFinder.Find(value), Is.Null, $"{typeof(T)} of {hex}");
            }
        }

        return accepted;
    }
}
