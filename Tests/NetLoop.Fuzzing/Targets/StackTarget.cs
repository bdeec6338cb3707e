using NetLoop.Fuzzing.Mutation;
using NetLoop.Fuzzing.Running;
using NetLoop.Tests.Generators;

namespace NetLoop.Fuzzing.Targets;

/// <summary>Values nested to the limit and far beyond it, of every container and of contracts that nest, on a stack of 64 KiB.</summary>
/// <remarks>
/// A process does not survive the end of its stack, so tests run this in a process of its own. The first byte of an input chooses what is nested, the
/// two behind it say how deep.
/// </remarks>
internal sealed class StackTarget : IFuzzTarget
{
    private const int StackBytes = 64 * 1_024;

    private readonly (byte[] Level, int LevelsEach, byte[] Last, Func<byte[], DecodeStatus> Read)[] _forms =
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
    ];

    // What is called for the first time is compiled, which takes more stack than there is.
    public StackTarget()
    {
        foreach ((byte[] level, int _, byte[] last, Func<byte[], DecodeStatus> read) in _forms)
        {
            read(Nest(level, 1, last));
            read(Nest(level, DecodeLimits.Default.MaxDepth + 1, last));
        }
    }

    public string Name => "stack";

    public string Description => "decodes what nests to the limit and beyond it on a stack of 64 KiB";

    public void Generate(InputBuffer output, FuzzRandom random)
    {
        output.Add((byte)random.Below(_forms.Length));
        output.AddBigEndian((ulong)random.Below(random.OneIn(4) ? 70_000 : 80), 2);
    }

    public void Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        if (input.Length < 3)
        {
            return;
        }
        int number = input[0] % _forms.Length;
        (byte[] level, int levelsEach, byte[] last, Func<byte[], DecodeStatus> read) = _forms[number];
        int repeats = (input[1] << 8) | input[2];
        byte[] wire = Nest(level, repeats, last);
        DecodeStatus status = DecodeStatus.Ok;
        Thread thread = new(() => status = read(wire), StackBytes);
        thread.Start();
        thread.Join();
        if (repeats == 0)
        {
            return; // Nothing but what stands inside, which is no contract by itself.
        }
        int depth = (repeats * levelsEach) + (last[0] == 0xC0 ? 0 : 2);
        FuzzProbe.Require(
            status == (depth <= DecodeLimits.Default.MaxDepth ? DecodeStatus.Ok : DecodeStatus.TooDeep),
            $"form {number}, {depth} deep, is {status}");
        probe.Visit(number, (int)status, depth);
    }

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

    private static DecodeStatus Skip(byte[] wire)
    {
        NetReader reader = new(wire);
        reader.TrySkip();
        return reader.Status;
    }

    private static DecodeStatus Read<T>(byte[] wire)
        where T : INetContract<T>
    {
        NetReader reader = new(wire);
        T.TryRead(ref reader, out _);
        return reader.Status;
    }
}
