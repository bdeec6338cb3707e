using NetLoop.Fuzzing.Mutation;
using NetLoop.Fuzzing.Running;

namespace NetLoop.Fuzzing.Targets;

/// <summary>All contracts of the tests, the demo and the engine. The first byte of an input selects one; the rest is its payload.</summary>
internal sealed class TypedTarget : IFuzzTarget
{
    private const int WideFormsOnceIn = 4;

    private readonly ContractCase[] _contracts;
    private readonly MessagePackScan _scan = new();
    private readonly SegmentedDelivery _delivery = new();
    private readonly WideForms _wide = new();

    /// <param name="contracts">The contracts to decode; null for all of <see cref="Contracts"/>. A test passes one with a bug.</param>
    public TypedTarget(IReadOnlyList<Type>? contracts = null) => _contracts = [.. (contracts ?? Contracts).Select(ContractCase.Create)];

    /// <summary>The contracts to fuzz. Those that fill the stack are left out: they would only be too deep, each time at another place.</summary>
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
        int values = _scan.Values;
        bool isWhole = _scan.Status == DecodeStatus.Ok && payload.Length > 0 && InputHash.Of(payload) % WideFormsOnceIn == 0;
        ReadOnlySpan<byte> wide = isWhole ? _wide.Write(payload[.._scan.End]) : default;
        _contracts[number].Run(payload, values, probe, number, _delivery, wide, _scan.End);
    }
}
