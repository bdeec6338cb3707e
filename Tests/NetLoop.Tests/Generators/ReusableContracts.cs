namespace NetLoop.Tests.Generators;

[NetContract]
public readonly partial record struct Crowd([property: Key(0)] uint Tick, [property: Key(1)] List<Person> People, [property: Key(2)] Person[] Leaders);

[NetContract]
public readonly partial record struct Person([property: Key(0)] ushort Id, [property: Key(1)] float X);

[NetContract]
public sealed partial class Notes
{
    [Key("lines")] public List<string> Lines { get; set; } = [];

    [Key("ratings")] public int[] Ratings { get; set; } = [];
}

[NetContract]
public sealed partial record Bag<T>([property: Key(0)] List<T> Items);

[NetContract]
public readonly partial record struct BagOfWords([property: Key(0)] Bag<string> Words);

[NetContract]
public readonly partial record struct Named([property: Key(0)] string Name);

[NetContract]
public readonly partial record struct HoldsNamed([property: Key(0)] int Number, [property: Key(1)] Named Named);

[NetContract]
public readonly partial record struct HoldsPairs(
    [property: Key(0)] KeyValuePair<string, int> Pair,
    [property: Key(1)] (string Text, List<int> Numbers) Tuple,
    [property: Key(2)] KeyValuePair<int, string?> Nullable);

[NetContract]
public readonly partial record struct HoldsPairOfContract([property: Key(0)] KeyValuePair<int, Profile> Pair);
