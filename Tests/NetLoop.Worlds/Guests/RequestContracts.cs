namespace NetLoop.Worlds.Guests;

/// <summary>What a request asks its handler to do.</summary>
internal enum Kindness
{
    Answer,
    AnswerLate,
    AnswerTooMuch,
    AnswerLength,
    AnswerBroken,
    Throw,
    ThrowLate,
    Refuse,
    RefuseAtLength,
}

/// <summary>A request and its response.</summary>
[NetMessage(1040)]
internal sealed partial record Favor
{
    private readonly int _id;

    [SerializationConstructor]
    public Favor(int id, Kindness kind, byte[]? filler)
    {
        _id = id;
        Kind = kind;
        Filler = filler;
    }

    [Key(0)] public int Id => Breaks ? throw new InvalidOperationException("it breaks") : _id;

    [Key(1)] public Kindness Kind { get; init; }

    [Key(2)] public byte[]? Filler { get; init; }

    /// <summary>Whether it throws when it is encoded.</summary>
    [IgnoreMember] public bool Breaks { get; init; }
}

/// <summary>A message that may throw when it is encoded, in the middle.</summary>
[NetMessage(1041)]
internal sealed partial class Fragile
{
    private readonly long _number;
    private readonly bool _breaks;

    [SerializationConstructor]
    public Fragile(byte[] filler, long number)
    {
        Filler = filler;
        _number = number;
    }

    public Fragile(long number, byte[] filler, bool breaks = false)
        : this(filler, number) => _breaks = breaks;

    [Key(0)] public byte[] Filler { get; }

    [Key(1)] public long Number => _breaks ? throw new InvalidOperationException("it breaks") : _number;
}
