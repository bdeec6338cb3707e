using NetLoop.Fuzzing.Mutation;
using NetLoop.Fuzzing.Running;

namespace NetLoop.Fuzzing.Targets;

/// <summary>Every contract of the tests, the demo and the engine. The first byte of an input chooses one, the rest is its payload.</summary>
internal sealed class TypedTarget : IFuzzTarget
{
    private readonly ContractCase[] _contracts;
    private readonly MessagePackScan _scan = new();
    private readonly SegmentedDelivery _delivery = new();

    public TypedTarget() => _contracts = [.. Contracts.Select(ContractCase.Create)];

    /// <summary>What is fuzzed. Contracts that fill the stack would only be too deep, each time somewhere else.</summary>
    public static IReadOnlyList<Type> Contracts =>
    [
        .. ContractCatalog.Find(typeof(TypedTarget).Assembly, typeof(Demo.CommandLine.NetLoopCommand).Assembly, typeof(NetServer).Assembly)
            .Where(type => type.DeclaringType != typeof(StackContracts)),
    ];

    public string Name => "typed";

    public string Description => "decodes every contract of the tests, the demo and the engine";

    public void Generate(InputBuffer output, FuzzRandom random)
    {
        int number = random.Below(_contracts.Length);
        output.Add((byte)number);
        _contracts[number].Generate(output, random);
    }

    public void Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        int number = input.IsEmpty ? 0 : input[0] % _contracts.Length;
        ReadOnlySpan<byte> payload = input.IsEmpty ? input : input[1..];
        _scan.Walk(payload, DecodeLimits.MaxDepthCeiling);
        _contracts[number].Run(payload, _scan.Values, probe, number, _delivery);
    }
}
