using System.Collections;
using System.Collections.Immutable;
using System.Reflection;
using NetLoop.CompilerServices;
using NetLoop.Generators.Parsing;
using NetLoop.MessagePack.Formatters;
using NUnit.Framework;

namespace NetLoop.Tests.MessagePack;

/// <summary>
/// Nobody can choose keys that collide (CVE-2020-5234, CVE-2026-48516): in all hash collections that the generator supports, with all
/// type of key that it allows, found in the generator's own tables, so that a new one cannot be forgotten.
/// </summary>
public sealed class HashFloodingTests
{
    private const BindingFlags Statics = BindingFlags.Static | BindingFlags.NonPublic;

    private static IEnumerable<string> Sets => KnownTypes.Sequences.Where(known => known.Value.IsSet).Select(known => known.Value.Formatter);

    private static IEnumerable<string> Maps => KnownTypes.Pairs.Where(known => known.Value.IsMap).Select(known => known.Value.Formatter);

    private static IEnumerable<(Type Key, Type Formatter)> Keys => KnownTypes.Simple.Where(known => known.Value.IsKey)
        .Select(known => (KeyType($"{known.Value.Space}.{known.Key}"), typeof(NetFormatters).GetNestedType(known.Value.Formatter)!))
        .Append((typeof(DayOfWeek), typeof(NetFormatters.Enum<DayOfWeek, int, NetFormatters.Int32>)));

    [Test]
    public void Tables_AreNotEmpty()
    {
        Assert.That(Sets.Count(), Is.GreaterThanOrEqualTo(4));
        Assert.That(Maps.Count(), Is.GreaterThanOrEqualTo(4));
        Assert.That(Keys.Count(), Is.GreaterThanOrEqualTo(20));
    }

    // A type that is hashed and missing from both tables would be a third way in.
    [Test]
    public void Formatters_OfCollectionsThatHash_AreAllInTheTables()
    {
        string[] hashing =
        [
            .. typeof(NetFormatters).GetNestedTypes()
                .Where(type => type.GetInterfaces().Any(
                    implemented => implemented.IsGenericType && implemented.GetGenericTypeDefinition() == typeof(INetFormatter<>)
                    && implemented.GenericTypeArguments[0] is { IsGenericType: true } formatted && Hashes(formatted)))
                .Select(type => type.Name.Split('`')[0]),
        ];
        Assert.That(hashing, Is.EquivalentTo(Sets.Concat(Maps)));
    }

    [TestCaseSource(nameof(Sets))]
    public void Set_HashesEveryTypeOfKeyWithAKey(string name)
    {
        foreach ((Type key, Type formatter) in Keys)
        {
            AssertKeyed(Read(Formatter(name).MakeGenericType(key, formatter), [0x90]), key);
        }
    }

    [TestCaseSource(nameof(Maps))]
    public void Map_HashesEveryTypeOfKeyWithAKey(string name)
    {
        foreach ((Type key, Type formatter) in Keys)
        {
            AssertKeyed(Read(Formatter(name).MakeGenericType(key, typeof(int), formatter, typeof(NetFormatters.Int32)), [0x80]), key);
        }
    }

    // The usual hash of each of these is one of very few numbers: 10^5 of them would need 5 * 10^9 comparisons.
    [Test]
    public void CollidingKeys_HaveHashesOfTheirOwn()
    {
        const int count = 100_000;
        AssertSpread(Enumerable.Range(0, count).Select(number => ((long)number << 32) | (uint)number));
        AssertSpread(Enumerable.Range(0, count).Select(number => ((ulong)number << 32) | (uint)number));
        AssertSpread(Enumerable.Range(0, count).Select(number => BitConverter.Int64BitsToDouble(((long)number << 32) | (uint)number)));
        AssertSpread(Enumerable.Range(0, count).Select(number => new DateTime(((long)number << 32) | (uint)number)));
        AssertSpread(Enumerable.Range(0, count).Select(number => new TimeSpan(((long)number << 32) | (uint)number)));
        AssertSpread(Enumerable.Range(0, count).Select(number => new Guid(number, 0, 0, BitConverter.GetBytes(((long)number << 32)))), mayDiffer: true);
    }

    [Test]
    public void EveryCollection_TakesCollidingKeys()
    {
        const int count = 60_000;
        NetWriter keys = new(new byte[(count * 10) + 5]);
        NetWriter pairs = new(new byte[(count * 10) + 5]);
        keys.WriteArrayHeader(count);
        pairs.WriteMapHeader(count);
        for (long number = 0; number < count; number++)
        {
            keys.Write((number << 32) | number);
            pairs.Write((number << 32) | number);
            pairs.Write(0);
        }

        foreach (string name in Sets)
        {
            Assert.That(Count(Read(Formatter(name).MakeGenericType(typeof(long), typeof(NetFormatters.Int64)), keys.Written.ToArray())), Is.EqualTo(count));
        }

        foreach (string name in Maps)
        {
            Type formatter = Formatter(name).MakeGenericType(typeof(long), typeof(int), typeof(NetFormatters.Int64), typeof(NetFormatters.Int32));
            Assert.That(Count(Read(formatter, pairs.Written.ToArray())), Is.EqualTo(count));
        }
    }

    private static void AssertSpread<T>(IEnumerable<T> colliding, bool mayDiffer = false)
        where T : notnull
    {
        T[] keys = [.. colliding];
        int usual = keys.Select(key => EqualityComparer<T>.Default.GetHashCode(key)).Distinct().Count();
        Assert.That(mayDiffer || usual < keys.Length / 100, $"the keys of {typeof(T).Name} do not collide: {usual} hashes");
        Assert.That(keys.Select(KeyedComparer<T>.Instance!.GetHashCode).Distinct().Count(), Is.GreaterThan(keys.Length * 99 / 100), typeof(T).Name);
    }

    private static void AssertKeyed(object collection, Type key)
    {
        PropertyInfo property = collection.GetType().GetProperty("Comparer") ?? collection.GetType().GetProperty("KeyComparer")!;
        object? comparer = property.GetValue(collection);
        if (key == typeof(string))
        {
            // The runtime hashes strings with a random key, but only in their default comparer.
            Assert.That(comparer, Is.SameAs(EqualityComparer<string>.Default), collection.GetType().ToString());
        }
        else
        {
            Assert.That(comparer, Is.InstanceOf(typeof(KeyedComparer<>).MakeGenericType(key)), collection.GetType().ToString());
        }
    }

    private static bool Hashes(Type collection)
    {
        Type definition = collection.GetGenericTypeDefinition();
        return new[]
        {
            typeof(HashSet<>), typeof(ISet<>), typeof(IReadOnlySet<>), typeof(ImmutableHashSet<>), typeof(IImmutableSet<>),
            typeof(Dictionary<,>), typeof(IDictionary<,>), typeof(IReadOnlyDictionary<,>), typeof(ImmutableDictionary<,>), typeof(IImmutableDictionary<,>),
        }.Contains(definition);
    }

    private static int Count(object collection) => ((IEnumerable)collection).Cast<object>().Count();

    private static Type KeyType(string name) =>
        typeof(int).Assembly.GetType(name) ?? throw new InvalidOperationException($"{name} is no type of the system");

    private static Type Formatter(string name) => typeof(NetFormatters).GetNestedTypes().Single(type => type.Name.Split('`')[0] == name);

    private static object Read(Type formatter, byte[] wire)
    {
        Type value = formatter.GetInterfaces().Single().GenericTypeArguments[0];
        return typeof(HashFloodingTests).GetMethod(nameof(ReadOf), Statics)!.MakeGenericMethod(value, formatter).Invoke(null, [wire])!;
    }

    private static object ReadOf<T, TFormatter>(byte[] wire)
        where TFormatter : INetFormatter<T>
    {
        NetReader reader = new(wire);
        Assert.That(TFormatter.TryRead(ref reader, out T? value) && reader.TryEnd(), Is.True, $"{typeof(TFormatter)}: {reader.Status}");
        return value!;
    }
}
