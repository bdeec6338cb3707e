using NetLoop.Fuzzing.Mutation;
using NetLoop.Fuzzing.Running;

namespace NetLoop.Fuzzing.Targets;

/// <summary>One contract among those that are fuzzed.</summary>
internal abstract class ContractCase(Type type)
{
    private readonly ContractGrammar _grammar = new(type);

    public Type Type { get; } = type;

    /// <summary>Makes the case of a type that implements INetContract of itself.</summary>
    public static ContractCase Create(Type type) =>
        (ContractCase)Activator.CreateInstance(typeof(ContractCase<>).MakeGenericType(type))!;

    /// <summary>Writes a value of it that is right, or nearly so.</summary>
    public void Generate(InputBuffer output, FuzzRandom random) => _grammar.AddValue(output, random);

    /// <summary>Reads and checks.</summary>
    /// <param name="payload">Any bytes.</param>
    /// <param name="values">How many values they have.</param>
    /// <param name="probe">Who is told.</param>
    /// <param name="number">The contract's own.</param>
    /// <param name="delivery">A way for the bytes to arrive in pieces.</param>
    /// <param name="wide">The same values in other forms; empty when the bytes are none or it is not to be looked at.</param>
    /// <param name="wholeBytes">How many bytes those values were.</param>
    public abstract void Run(
        ReadOnlySpan<byte> payload, int values, FuzzProbe probe, int number, SegmentedDelivery delivery, ReadOnlySpan<byte> wide, int wholeBytes);
}
