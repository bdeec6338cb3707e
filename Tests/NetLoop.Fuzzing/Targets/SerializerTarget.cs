using System.Collections;
using MessagePack;
using NetLoop.Fuzzing.Mutation;
using NetLoop.Fuzzing.Running;

namespace NetLoop.Fuzzing.Targets;

/// <summary>MessagePack-CSharp as a codec: for any bytes it returns a value or a status, within the budget.</summary>
internal sealed class SerializerTarget : IFuzzTarget
{
    /// <summary>Memory of nested exceptions of the serializer, with their stacks.</summary>
    private const long ExceptionBytes = 256 * 1024;

    private readonly byte[] _memory = new byte[1 << 20];

    // Objects that are created when a type is read for the first time do not belong to an input.
    public SerializerTarget()
    {
        FuzzProbe probe = new();
        InputBuffer input = new();
        FuzzRandom random = new(1);
        for (int i = 0; i < 200; i++)
        {
            input.Clear();
            Generate(input, random);
            Run(input.Written, probe);
        }
    }

    public string Name => "serializer";

    public string Description => "reads types through MessagePack-CSharp, as NetLoop.MessagePack does";

    public void Generate(InputBuffer output, FuzzRandom random)
    {
        switch (random.Below(3))
        {
            case 0:
                MessagePackGrammar.AddValue(output, random);
                break;

            case 1:
                output.Add(MessagePackSerializer.Serialize(Odd(random, 0)));
                break;

            default:
                output.Add(MessagePackSerializer.Serialize(Named(random, 0)));
                break;
        }
    }

    public void Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        Check<OddShape>(input, probe, 0);
        Check<NamedShape>(input, probe, 1);
        Check<Dictionary<string, List<int>>>(input, probe, 2);
    }

    private void Check<T>(ReadOnlySpan<byte> input, FuzzProbe probe, int number)
    {
        NetReader reader = new(input);
        probe.BeginMeasure();
        bool isRead = MessagePackSerializerCodec.TryRead(ref reader, out T? value);
        DecodeLimits limits = DecodeLimits.Default;
        probe.EndMeasure(input.Length, ExceptionBytes + (2 * Math.Max(limits.MinDecodedBytes, (long)limits.MaxDecodedBytesPerByte * input.Length)));
        FuzzProbe.Require(isRead == (reader.Status == DecodeStatus.Ok), $"reading returned {isRead} with status {reader.Status}");
        FuzzProbe.Require(isRead || reader.Remaining == 0, "a failed reader has bytes left");
        probe.Visit(number, (int)reader.Status, reader.Position);
        if (!isRead)
        {
            return;
        }

        NetWriter writer = new(_memory);
        try
        {
            MessagePackSerializerCodec.Write(ref writer, in value!);
        }
        catch (MessagePackSerializationException)
        {
            // The library reads some values that it cannot write, such as a lookup that contains null.
            FuzzProbe.Require(writer.BytesWritten == 0, "a value that cannot be written left bytes");
            return;
        }

        FuzzProbe.Require(!writer.Overflowed, "what was read does not fit into a megabyte");
        byte[] written = writer.Written.ToArray();
        NetReader again = new(written, _own);
        FuzzProbe.Require(MessagePackSerializerCodec.TryRead(ref again, out T? same), $"what was written is not read: {again.Status}");
        NetWriter rewriter = new(_memory);
        MessagePackSerializerCodec.Write(ref rewriter, in same!);
        FuzzProbe.Require(rewriter.Written.SequenceEqual(written), "what was written, read and written again is something else");
    }

    // What is written may be longer than what was read; it comes from this side.
    private readonly DecodeLimits _own = new()
    {
        MaxDepth = DecodeLimits.MaxDepthCeiling,
        MaxItems = int.MaxValue,
        MaxStringBytes = int.MaxValue,
        MaxBinaryBytes = int.MaxValue,
        MinDecodedBytes = int.MaxValue,
    };

    private static OddShape Odd(FuzzRandom random, int depth) => new()
    {
        Grid = random.OneIn(2) ? null : new int[random.Below(3), random.Below(3)],
        Notes = random.OneIn(2) ? null : new() { ["a"] = random.Below(70_000), ["b"] = null, [Text(random)] = new object[] { true, 1.5 } },
        Flags = random.OneIn(2) ? null : new BitArray(random.Below(20), true),
        Next = depth > 3 || random.OneIn(2) ? null : Odd(random, depth + 1),
        Anything = random.Below(4) switch { 0 => Text(random), 1 => random.NextByte(), 2 => new Dictionary<object, object> { [1] = "x" }, _ => null },
        Times = random.OneIn(2)
            ? null
            : new() { [new Guid(random.Below(9), 0, 0, [1, 2, 3, 4, 5, 6, 7, 8])] = [DateTimeOffset.UnixEpoch.AddSeconds(random.Below(1 << 30))] },
        Lookup = random.OneIn(2) ? null : new[] { 1, 2, 3 }.ToLookup(i => i % 2, i => Text(random)),
    };

    private static NamedShape Named(FuzzRandom random, int depth)
    {
        NamedShape? later = depth > 3 || random.OneIn(2) ? null : Named(random, depth + 1);
        return new()
        {
            Amount = random.Below(1 << 20) / 7m,
            Rows = random.OneIn(2) ? null : [[Text(random)], []],
            Later = random.OneIn(2) ? null : new(later),
            Set = random.OneIn(2) ? null : [(random.Below(9), Text(random))],
        };
    }

    private static string Text(FuzzRandom random) => new('x', random.OneIn(8) ? random.Below(300) : random.Below(6));
}
