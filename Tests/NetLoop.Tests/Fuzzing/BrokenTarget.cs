extern alias fuzzing;

using fuzzing::NetLoop.Fuzzing.Mutation;
using fuzzing::NetLoop.Fuzzing.Running;
using fuzzing::NetLoop.Fuzzing.Targets;

namespace NetLoop.Tests.Fuzzing;

/// <summary>A parser with a bug behind three states, each of which must be found before the next one can be.</summary>
internal sealed class BrokenTarget(BrokenTarget.Bug bug) : IFuzzTarget
{
    public enum Bug
    {
        None,
        Throws,
        WrongOracle,
        Allocates,
        TakesTime,
    }

    public string Name => "broken";

    public string Description => "fails";

    /// <summary>The bug writes to this field, so that the compiler cannot remove it.</summary>
    public byte[] Memory { get; private set; } = [];

    public void Generate(InputBuffer output, FuzzRandom random) => output.Add(random.NextByte());

    public void Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        ReadOnlySpan<byte> secret = [0x93, 0x07, 0xC3];
        int known = 0;
        while (known < Math.Min(secret.Length, input.Length) && input[known] == secret[known])
        {
            known++;
        }

        probe.Visit(0, known, 0);
        probe.BeginMeasure();
        if (known == secret.Length)
        {
            Fail(input);
        }

        probe.EndMeasure(input.Length);
    }

    private void Fail(ReadOnlySpan<byte> input)
    {
        switch (bug)
        {
            case Bug.Throws:
                _ = input[input.Length];
                break;
            case Bug.WrongOracle:
                FuzzProbe.Require(input.Length < 3, $"{input.Length} bytes are not less than three");
                break;
            case Bug.Allocates:
                Memory = new byte[100_000];
                break;
            case Bug.TakesTime:
                // Like a loop that a length of four gigabytes keeps busy.
                TimeSpan end = ThreadClock.Now + TimeSpan.FromMilliseconds(40);
                while (ThreadClock.Now < end)
                {
                    Thread.SpinWait(100);
                }

                break;
        }
    }
}
