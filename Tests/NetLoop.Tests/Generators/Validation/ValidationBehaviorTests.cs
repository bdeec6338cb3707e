using System.ComponentModel.DataAnnotations;
using NUnit.Framework;

namespace NetLoop.Tests.Generators.Validation;

/// <summary>The effect of validation attributes on absent members and on memory, and a comparison with the base library's validation.</summary>
[Parallelizable]
public sealed class ValidationBehaviorTests
{
    // Otherwise a peer could pass a check by sending less.
    [Test]
    public void TryDeserialize_MemberLeftOut_IsCheckedAsWhatItBecomes()
    {
        Assert.That(Read<Absent>([0x91, 0x07]), Is.EqualTo(DecodeStatus.Ok));
        Assert.That(Read<Absent>([0x92, 0x07, 0x00]), Is.EqualTo(DecodeStatus.InvalidValue));
        Assert.That(Read<Absent>([0x93, 0x07, 0x0A, 0xC0]), Is.EqualTo(DecodeStatus.Ok));
        Assert.That(Read<AbsentLevel>([0x91, 0x07]), Is.EqualTo(DecodeStatus.InvalidValue));
        Assert.That(Read<AbsentLevel>([0x92, 0x07, 0x01]), Is.EqualTo(DecodeStatus.Ok));
        Assert.That(Read<AbsentList>([0x91, 0x07]), Is.EqualTo(DecodeStatus.InvalidValue));
        Assert.That(Read<AbsentList>([0x92, 0x07, 0x91, 0x01]), Is.EqualTo(DecodeStatus.Ok));
        Assert.That(Read<AbsentByConstructor>([0x80]), Is.EqualTo(DecodeStatus.InvalidValue));
        Assert.That(Read<AbsentByConstructor>([0x81, 0xA5, .. "level"u8, 0x01]), Is.EqualTo(DecodeStatus.Ok));
    }

    // Fixed layout, and the same numbers in forms for which the general reader is used.
    [Test]
    public void TryDeserialize_NumbersInAnyForm_AreChecked()
    {
        Assert.That(Read<Checked>([0x92, 0x64, 0xCA, 0x3F, 0x80, 0, 0]), Is.EqualTo(DecodeStatus.Ok));
        Assert.That(Read<Checked>([0x92, 0x65, 0xCA, 0x3F, 0x80, 0, 0]), Is.EqualTo(DecodeStatus.InvalidValue));
        Assert.That(Read<Checked>([0x92, 0x64, 0xCA, 0x7F, 0xC0, 0, 0]), Is.EqualTo(DecodeStatus.InvalidValue), "not a number");
        Assert.That(Read<Checked>([0x92, 0xD2, 0, 0, 0, 0x64, 0x01]), Is.EqualTo(DecodeStatus.Ok));
        Assert.That(Read<Checked>([0x92, 0xD2, 0, 0, 0, 0x65, 0x01]), Is.EqualTo(DecodeStatus.InvalidValue));
        Assert.That(Read<Checked>([0x93, 0x65, 0x01, 0xC0]), Is.EqualTo(DecodeStatus.InvalidValue), "from a newer version");
    }

    [Test]
    public void TryDeserialize_CountAboveTheLimit_FailsAtTheHeader()
    {
        byte[] wire = NetMessagePack.Serialize(new ManyItems([.. Enumerable.Repeat("an item", 1000)]));
        Assert.That(Read<FewItems>(wire), Is.EqualTo(DecodeStatus.InvalidValue));
        NetMessagePack.TryDeserialize(wire, out FewItems _);
        long before = GC.GetAllocatedBytesForCurrentThread();
        NetMessagePack.TryDeserialize(wire, out FewItems _);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);

        // Only the header is read: after it, there is no list of strings.
        Assert.That(Read<FewItems>([0x91, 0x94, 0xC1, 0xC1, 0xC1, 0xC1]), Is.EqualTo(DecodeStatus.InvalidValue));
        Assert.That(Read<FewItems>([0x91, 0x93, 0xC1, 0xC1, 0xC1]), Is.EqualTo(DecodeStatus.Malformed));
        Assert.That(Read<FewItems>([0x91, 0xDC, 0x00]), Is.EqualTo(DecodeStatus.EndOfData));
        Assert.That(Read<FewItems>([0x91, 0x07]), Is.EqualTo(DecodeStatus.WrongType));
        Assert.That(Read<FewItems>([0x91]), Is.EqualTo(DecodeStatus.EndOfData));
        Assert.That(Read<FewItems>([0x91, 0xDD, 0xFF, 0xFF, 0xFF, 0xFF]), Is.EqualTo(DecodeStatus.InvalidValue));
    }

    [Test]
    public void TryDeserialize_ChecksOfNumbers_AllocateNothing()
    {
        byte[] good = NetMessagePack.Serialize(new Checked(100, 1));
        byte[] bad = NetMessagePack.Serialize(new Checked(101, 1));
        NetMessagePack.TryDeserialize(good, out Checked _);
        NetMessagePack.TryDeserialize(bad, out Checked _);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int round = 0; round < 100; round++)
        {
            NetMessagePack.TryDeserialize(good, out Checked _);
            NetMessagePack.TryDeserialize(bad, out Checked _);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    // Sends are not checked: the sender's own objects pass or fail where they arrive.
    [Test]
    public void TryDeserialize_RandomObjects_AreWhatTheValidatorSays([Values(1, 2, 3, 4)] int seed)
    {
        Random random = new(seed);
        int valid = 0;
        const int Objects = 3_000;
        for (int round = 0; round < Objects; round++)
        {
            Everything value = Draw(random);
            bool isValid = Validator.TryValidateObject(value, new ValidationContext(value), null, validateAllProperties: true);
            DecodeStatus status = Read<Everything>(NetMessagePack.Serialize(value));
            Assert.That(status, Is.EqualTo(isValid ? DecodeStatus.Ok : DecodeStatus.InvalidValue), $"object {round} of seed {seed}: {Text(value)}");
            valid += isValid ? 1 : 0;
        }

        Assert.That(valid, Is.InRange(Objects / 20, Objects * 19 / 20), "both must happen");
    }

    private static DecodeStatus Read<T>(byte[] wire)
        where T : INetContract<T>
    {
        NetMessagePack.TryDeserialize(wire, out T? _, out DecodeStatus status);
        return status;
    }

    // Each member is at or next to a limit, and usually on the valid side of it.
    private static Everything Draw(Random random)
    {
        return new()
        {
            Name = Letters(random, 2, 6),
            Motto = random.Next(3) == 0 ? null : Letters(random, 0, 3),
            Scores = [.. Enumerable.Range(0, Count(random, 1, 3))],
            Names = random.Next(3) == 0 ? null : Enumerable.Range(0, Count(random, 1, 2)).ToDictionary(key => key, _ => ""),
            Level = Count(random, 1, 100),
            Angle = Pick(random, 0, [-1.5, 1.4999999999999998], [-1.5000000000000002, 1.5, double.NaN, double.PositiveInfinity]),
            Price = Pick(random, 1, [0.5m, 9.5m], [0.4999m, 9.5001m]),
            Title = Pick(random, "x", [" x"], ["", " \t"]),
            Choice = Pick<int?>(random, 3, [0, 5], [null, -1, 6]),
            Speed = Pick(random, 1, [0.5f, 2.5f], [0.49999997f, 2.5000002f, float.NaN]),
            Data = new byte[Count(random, 0, 4)],
            Patience = Pick<TimeSpan?>(random, null, [TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)], [TimeSpan.Zero, TimeSpan.FromHours(2)]),
        };
    }

    private static string Letters(Random random, int min, int max) =>
        string.Concat(Enumerable.Range(0, Count(random, min, max)).Select(_ => "aä€"[random.Next(3)]));

    private static int Count(Random random, int min, int max) => Pick(random, random.Next(min, max + 1), [min, max], [Math.Max(0, min - 1), max + 1]);

    private static T Pick<T>(Random random, T usual, T[] atBounds, T[] beyond) => random.Next(20) switch
    {
        0 => beyond[random.Next(beyond.Length)],
        < 6 => atBounds[random.Next(atBounds.Length)],
        _ => usual,
    };

    private static string Text(Everything value) => string.Join(
        ", ",
        value.Name, value.Motto, value.Scores.Count, value.Names?.Count, value.Level, value.Angle, value.Price, $"'{value.Title}'", value.Choice, value.Speed,
        value.Data.Length, value.Patience);
}
