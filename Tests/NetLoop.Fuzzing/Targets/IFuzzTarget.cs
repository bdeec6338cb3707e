using NetLoop.Fuzzing.Mutation;
using NetLoop.Fuzzing.Running;

namespace NetLoop.Fuzzing.Targets;

/// <summary>A parser under test, with conditions that hold for every input.</summary>
/// <remarks>A run depends only on the input's bytes, which also determine everything that is random in a target, such as where a stream is cut.</remarks>
internal interface IFuzzTarget
{
    /// <summary>The name on the command line.</summary>
    string Name { get; }

    /// <summary>One line of help.</summary>
    string Description { get; }

    /// <summary>Time that any input may take, however short, pauses of a busy machine included.</summary>
    TimeSpan FixedTime => TimeSpan.FromMilliseconds(20);

    /// <summary>Writes an input, or part of one, that is correct or nearly correct.</summary>
    void Generate(InputBuffer output, FuzzRandom random);

    /// <summary>Parses an input and checks all conditions.</summary>
    /// <exception cref="OracleException">A condition failed. Any other exception is a failure too.</exception>
    void Run(ReadOnlySpan<byte> input, FuzzProbe probe);
}
