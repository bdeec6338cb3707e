namespace NetLoop.Mutations.Operators;

/// <summary>All kinds of mistakes.</summary>
internal static class Mutators
{
    public static readonly IReadOnlyList<IMutator> All =
    [
        new LeftOutCall(),
        new LeftOutStore(),
        new WrongAnswer(),
        new WrongBoundary(),
        new NegatedBranch(),
        new ForcedBranch(),
        new WrongConstant(),
        new WrongArithmetic(),
        new WrongConversion(),
        new WrongField(),
        new WrongReturn(),
        new EarlyReturn(),
        new RepeatedStatement(),
        new SwappedStatements(),
    ];
}
