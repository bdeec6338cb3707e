using NetLoop.Fuzzing.Mutation;
using NetLoop.Fuzzing.Running;

namespace NetLoop.Fuzzing.Targets;

/// <summary>One contract to fuzz.</summary>
internal abstract class ContractCase(Type type)
{
    private readonly ContractGrammar _grammar = new(type);

    public Type Type { get; } = type;

    /// <summary>Creates the case of a type that implements INetContract of itself.</summary>
    public static ContractCase Create(Type type) =>
        (ContractCase)Activator.CreateInstance(typeof(ContractCase<>).MakeGenericType(type))!;

    /// <summary>Writes a value of the contract that is correct or nearly correct.</summary>
    public void Generate(InputBuffer output, FuzzRandom random) => _grammar.AddValue(output, random);

    /// <summary>Reads the bytes and checks the result.</summary>
    /// <param name="payload">Any bytes.</param>
    /// <param name="values">Number of values in the bytes.</param>
    /// <param name="probe">Receives the reports.</param>
    /// <param name="number">The number of the contract.</param>
    /// <param name="delivery">Delivers the bytes in pieces.</param>
    /// <param name="wide">The same values in wider forms; empty if the bytes are not well-formed or the check is skipped.</param>
    /// <param name="wholeBytes">Number of bytes of those values.</param>
    public abstract void Run(
        ReadOnlySpan<byte> payload, int values, FuzzProbe probe, int number, SegmentedDelivery delivery, ReadOnlySpan<byte> wide, int wholeBytes);
}
