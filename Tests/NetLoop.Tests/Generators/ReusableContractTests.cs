using NUnit.Framework;

namespace NetLoop.Tests.Generators;

public sealed class ReusableContractTests
{
    private static readonly Crowd SampleCrowd = new(7, [new(1, 1.5f), new(300, -2)], [new(9, 9)]);

    [Test]
    public void TryDeserializeInto_ListsAndArraysThatFit_AreFilledAgainAndNothingIsAllocated()
    {
        byte[] wire = NetMessagePack.Serialize(SampleCrowd);
        List<Person> people = [new(5, 5), new(6, 6), new(7, 7)];
        Person[] leaders = [default];
        Crowd crowd = new(0, people, leaders);

        long allocated = Allocations.Of(() =>
        {
            if (!NetMessagePack.TryDeserializeInto(wire, DecodeLimits.Default, ref crowd, out _))
            {
                throw new InvalidOperationException("not read");
            }
        });

        Assert.That(crowd.People, Is.SameAs(people).And.EqualTo(SampleCrowd.People));
        Assert.That(crowd.Leaders, Is.SameAs(leaders).And.EqualTo(SampleCrowd.Leaders));
        Assert.That(crowd.Tick, Is.EqualTo(7));
        Assert.That(allocated, Is.Zero);
    }

    [Test]
    public void TryDeserializeInto_ArrayOfAnotherLengthOrNoValue_MakesNewOnes()
    {
        byte[] wire = NetMessagePack.Serialize(SampleCrowd);
        Crowd longer = new(0, [], new Person[3]);
        Assert.That(NetMessagePack.TryDeserializeInto(wire, DecodeLimits.Default, ref longer, out _), Is.True);
        Assert.That(longer.Leaders, Is.EqualTo(SampleCrowd.Leaders));

        Crowd none = default;
        Assert.That(NetMessagePack.TryDeserializeInto(wire, DecodeLimits.Default, ref none, out _), Is.True);
        Assert.That(none.People, Is.EqualTo(SampleCrowd.People));
    }

    [Test]
    public void TryDeserializeInto_MemberMissing_IsEmptyAndNotTheOldOne()
    {
        Crowd crowd = SampleCrowd;
        Assert.That(NetMessagePack.TryDeserializeInto([0x91, 0x05], DecodeLimits.Default, ref crowd, out _), Is.True);
        Assert.That(crowd.People, Is.Empty);
        Assert.That(crowd.Leaders, Is.Empty);
        Assert.That(SampleCrowd.People, Has.Count.EqualTo(2));
    }

    [Test]
    public void TryDeserializeInto_CutAnywhere_IsRejectedAndLeavesNoValue()
    {
        byte[] wire = NetMessagePack.Serialize(SampleCrowd);
        for (int cut = 0; cut < wire.Length; cut++)
        {
            Crowd crowd = new(0, [new(5, 5)], [default]);
            Assert.That(NetMessagePack.TryDeserializeInto(wire.AsSpan(0, cut), DecodeLimits.Default, ref crowd, out DecodeStatus status), Is.False);
            Assert.That(status, Is.EqualTo(DecodeStatus.EndOfData), $"cut at {cut}");
            Assert.That(crowd, Is.EqualTo(default(Crowd)));
        }
    }

    [Test]
    public void TryDeserializeInto_Class_KeepsItsListsAndIsNewItself()
    {
        Notes old = new() { Lines = ["old"], Ratings = [1, 2] };
        Notes? notes = old;
        byte[] wire = NetMessagePack.Serialize(new Notes { Lines = ["a", "b"], Ratings = [3, 4] });
        Assert.That(NetMessagePack.TryDeserializeInto(wire, DecodeLimits.Default, ref notes, out _), Is.True);
        Assert.That(notes, Is.Not.SameAs(old));
        Assert.That(notes!.Lines, Is.SameAs(old.Lines).And.EqualTo(new[] { "a", "b" }));
        Assert.That(notes.Ratings, Is.SameAs(old.Ratings).And.EqualTo(new[] { 3, 4 }));
    }

    [Test]
    public void Generic_WithAList_IsTheSameAgain()
    {
        BagOfWords read = ContractRoundTrip.Of(new BagOfWords(new(["x", "y"])));
        Assert.That(read.Words.Items, Is.EqualTo(new[] { "x", "y" }));
    }

    [Test]
    public void TryReadArray_IntoAListOfTheCaller_AllocatesNothing()
    {
        byte[] wire = [0x92, 0x92, 0x01, 0xCA, 0x3F, 0x80, 0, 0, 0x92, 0x02, 0xCA, 0x40, 0, 0, 0];
        List<Person> list = new(8);
        long allocated = Allocations.Of(() =>
        {
            NetReader reader = new(wire);
            if (!reader.TryReadArray(list) || !reader.TryEnd())
            {
                throw new InvalidOperationException("not read");
            }
        });
        Assert.That(list, Is.EqualTo(new Person[] { new(1, 1), new(2, 2) }));
        Assert.That(allocated, Is.Zero);
    }

    [Test]
    public void TryReadArray_ElementCutOff_LeavesAnEmptyList()
    {
        List<Person> list = [new(1, 1)];
        NetReader reader = new([0x92, 0x92, 0x01, 0xCA, 0x3F, 0x80, 0, 0, 0x92, 0x02, 0xCA]);
        Assert.That(reader.TryReadArray(list), Is.False);
        Assert.That(list, Is.Empty);
    }

    // A default struct would contain a null that its type does not allow.
    [Test]
    public void StructWithoutItsString_Missing_IsRejected()
    {
        Assert.That(NetMessagePack.TryDeserialize([0x91, 0x01], out HoldsNamed _, out DecodeStatus status), Is.False);
        Assert.That(status, Is.EqualTo(DecodeStatus.MissingMember));
        Assert.That(NetMessagePack.TryDeserialize([0x90], out HoldsPairOfContract _, out status), Is.False);
        Assert.That(status, Is.EqualTo(DecodeStatus.MissingMember));
    }

    [Test]
    public void PairsAndTuples_Missing_AreOfEmptyParts()
    {
        Assert.That(NetMessagePack.TryDeserialize([0x90], out HoldsPairs pairs), Is.True);
        Assert.That(pairs.Pair, Is.EqualTo(new KeyValuePair<string, int>("", 0)));
        Assert.That(pairs.Tuple.Text, Is.Empty);
        Assert.That(pairs.Tuple.Numbers, Is.Empty);
        Assert.That(pairs.Nullable, Is.EqualTo(default(KeyValuePair<int, string?>)));
    }
}
