using NetLoop.Fuzzing.Mutation;
using NetLoop.Fuzzing.Running;

namespace NetLoop.Fuzzing.Targets;

/// <summary>A parser under test, with what must hold for every input.</summary>
/// <remarks>The same input always does the same: what is random in a target, such as where a stream is cut, follows from the input's bytes.</remarks>
internal interface IFuzzTarget
{
    /// <summary>The word on the command line.</summary>
    string Name { get; }

    /// <summary>One line of help.</summary>
    string Description { get; }

    /// <summary>What an input may take however short it is, the pauses of a busy machine included.</summary>
    TimeSpan FixedTime => TimeSpan.FromMilliseconds(20);

    /// <summary>Writes an input, or a piece of one, that is right or nearly so.</summary>
    void Generate(InputBuffer output, FuzzRandom random);

    /// <summary>Parses an input and checks everything that must hold.</summary>
    /// <exception cref="OracleException">Something did not; any other exception is a failure too.</exception>
    void Run(ReadOnlySpan<byte> input, FuzzProbe probe);
}
