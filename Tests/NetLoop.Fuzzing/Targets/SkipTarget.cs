using NetLoop.Fuzzing.Mutation;
using NetLoop.Fuzzing.Running;

namespace NetLoop.Fuzzing.Targets;

/// <summary>TrySkip against a second implementation of the specification, at three depth limits.</summary>
internal sealed class SkipTarget : IFuzzTarget
{
    private const int MaxVisited = 32;

    private readonly DecodeLimits[] _limits = [new() { MaxDepth = 3 }, DecodeLimits.Default, new() { MaxDepth = DecodeLimits.MaxDepthCeiling }];
    private readonly MessagePackScan _scan = new();

    public string Name => "skip";

    public string Description => "skips one value, and does what the specification says";

    public void Generate(InputBuffer output, FuzzRandom random) => MessagePackGrammar.AddValue(output, random);

    public void Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        foreach (DecodeLimits limits in _limits)
        {
            _scan.Walk(input, limits.MaxDepth);
            probe.BeginMeasure();
            NetReader reader = new(input, limits);
            bool skipped = reader.TrySkip();
            probe.EndMeasureOfNothing();
            FuzzProbe.Require(reader.Status == _scan.Status, $"skip says {reader.Status} with depth limit {limits.MaxDepth}, the specification {_scan.Status}");
            FuzzProbe.Require(skipped == (reader.Status == DecodeStatus.Ok), $"skip returned {skipped} with status {reader.Status}");
            FuzzProbe.Require(!skipped || reader.Position == _scan.End, $"skip ends at {reader.Position}, the value at {_scan.End}");
            FuzzProbe.Require(skipped || reader.Remaining == 0, "a failed reader has bytes left");
            probe.Visit(limits.MaxDepth, (int)reader.Status, reader.Position);
        }

        int depthBefore = 0;
        foreach (int start in _scan.Starts[..Math.Min(_scan.Values, MaxVisited)])
        {
            // Skipping goes wrong, if at all, from one header to the next.
            probe.Visit(1_000 + depthBefore, input[start], 0);
            depthBefore = input[start];
        }
    }
}
