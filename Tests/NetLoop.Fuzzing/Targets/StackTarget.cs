using NetLoop.Fuzzing.Mutation;
using NetLoop.Fuzzing.Running;
using NetLoop.Tests.Generators;

namespace NetLoop.Fuzzing.Targets;

/// <summary>Values nested to the limit and far beyond it, in all containers and in contracts that nest, on a stack of 256 KiB.</summary>
/// <remarks>
/// With the default depth limit, and with the highest one, which is too much for such a stack: the value is then too deep.
/// A process does not survive the end of its stack, so tests run this target in a separate process. The first byte of an input selects what is
/// nested, and the next two bytes select how deep.
/// </remarks>
internal sealed class StackTarget : IFuzzTarget
{
    private const int StackBytes = 256 * 1_024;

    // Far more than any limit allows.
    private const int MostRepeats = 4_096;

    private readonly DecodeLimits[] _limits =
    [
        new() { MinDecodedBytes = int.MaxValue }, new() { MinDecodedBytes = int.MaxValue, MaxDepth = DecodeLimits.MaxDepthCeiling }
    ];

    private readonly (byte[] Level, int LevelsEach, byte[] Last, Func<byte[], DecodeLimits, DecodeStatus> Read)[] _forms =
    [
        ([0x91], 1, [0xC0], Skip),
        ([0x81, 0x00], 1, [0xC0], Skip),
        ([0xDC, 0, 1], 1, [0xC0], Skip),
        ([0xDD, 0, 0, 0, 1], 1, [0xC0], Skip),
        ([0xDE, 0, 1, 0], 1, [0xC0], Skip),
        ([0xDF, 0, 0, 0, 1, 0], 1, [0xC0], Skip),
        ([0x91], 1, [0xC0], Read<Chain>),
        ([0x92, 0x00, 0x91], 2, [0x92, 0x00, 0x90], Read<Tree>),
        ([0x92, 0x07, 0x91, 0x91], 3, [0x92, 0x01, 0x91, 0x07], Read<IPet>),
        .. DeepForms,
    ];

    private static readonly (byte[] Level, int LevelsEach, byte[] Last, Func<byte[], DecodeLimits, DecodeStatus> Read)[] DeepForms =
    [
        ([0x91], 1, [0xC0], Read<StackContracts.DeepArray>),
        ([0x81, 0xA1, (byte)'n'], 1, [0xC0], Read<StackContracts.DeepMap>),
        ([0x91, 0x91], 2, [0xC0], Read<StackContracts.DeepGeneric>),
        ([0x92, 0x00, 0x91], 2, [0xC0], Read<StackContracts.IDeep>),
        ([0x91, 0x91], 2, [0x90], Read<StackContracts.DeepList>),
        ([0x91, 0x81, 0x00], 2, [0x90], Read<StackContracts.DeepDictionary>),
        ([0x91, 0x91], 2, [0xC0], Read<StackContracts.DeepTuple>),
        ([0x91, 0x91], 2, [0x90], Read<StackContracts.DeepStruct>),
    ];

    // The first call of a method compiles it, which takes more stack than there is.
    public StackTarget()
    {
        foreach ((byte[] level, int _, byte[] last, Func<byte[], DecodeLimits, DecodeStatus> read) in _forms)
        {
            read(Nest(level, 1, last), _limits[0]);
            read(Nest(level, 3, last), new DecodeLimits { MaxDepth = 2 });
        }
    }

    public string Name => "stack";

    public string Description => "decodes what nests to the limit and beyond it on a stack of 256 KiB";

    // Two threads are started for each input, and wait until the system has a core for them.
    public TimeSpan FixedTime => TimeSpan.FromSeconds(2);

    public void Generate(InputBuffer output, FuzzRandom random)
    {
        output.Add((byte)random.Below(_forms.Length));
        output.AddBigEndian((ulong)random.Below(random.OneIn(4) ? MostRepeats : random.OneIn(2) ? 600 : 80), 2);
    }

    public void Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        if (input.Length < 3)
        {
            return;
        }

        int number = input[0] % _forms.Length;
        (byte[] level, int levelsEach, byte[] last, Func<byte[], DecodeLimits, DecodeStatus> read) = _forms[number];
        int repeats = ((input[1] << 8) | input[2]) % MostRepeats;
        byte[] wire = Nest(level, repeats, last);
        foreach (DecodeLimits limits in _limits)
        {
            DecodeStatus status = DecodeStatus.Ok;
            Thread thread = new(() => status = read(wire, limits), StackBytes);
            thread.Start();
            thread.Join();
            if (repeats == 0)
            {
                continue; // Nothing but what stands inside, which is no contract by itself.
            }

            int depth = (repeats * levelsEach) + last[0] switch { 0xC0 => 0, 0x90 => 1, _ => 2 };
            FuzzProbe.Require(
                status == (depth <= limits.MaxDepth ? DecodeStatus.Ok : DecodeStatus.TooDeep)
                    || (status == DecodeStatus.TooDeep && MayFillTheStack(number, depth)),
                $"form {number}, {depth} deep of {limits.MaxDepth}, is {status}");
            probe.Visit(number, (int)status, depth);
        }
    }

    // Only types that can recurse. Small contracts fill the stack beyond the default depth, large ones from the fifth level on.
    private bool MayFillTheStack(int number, int depth) =>
        _forms[number].Read != Skip && depth > (number >= _forms.Length - DeepForms.Length ? 5 : DecodeLimits.Default.MaxDepth);

    private static byte[] Nest(byte[] level, int repeats, byte[] last)
    {
        byte[] wire = new byte[(level.Length * repeats) + last.Length];
        for (int repeat = 0; repeat < repeats; repeat++)
        {
            level.CopyTo(wire, repeat * level.Length);
        }

        last.CopyTo(wire, repeats * level.Length);
        return wire;
    }

    private static DecodeStatus Skip(byte[] wire, DecodeLimits limits)
    {
        NetReader reader = new(wire, limits);
        reader.TrySkip();
        return reader.Status;
    }

    private static DecodeStatus Read<T>(byte[] wire, DecodeLimits limits)
        where T : INetContract<T>
    {
        NetReader reader = new(wire, limits);
        T.TryRead(ref reader, out _);
        return reader.Status;
    }
}
