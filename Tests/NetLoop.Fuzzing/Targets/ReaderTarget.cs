using NetLoop.Fuzzing.Mutation;
using NetLoop.Fuzzing.Running;
using NetLoop.Tests.MessagePack;

namespace NetLoop.Fuzzing.Targets;

/// <summary>Calls each method of the reader on values of its type and of other types.</summary>
internal sealed class ReaderTarget : IFuzzTarget
{
    // In addition to its content, a string or an array has a header, a length and a terminator.
    private const int ObjectHeaderBytes = 32;
    private const int WrongMethodOnceIn = 4;

    private readonly DecodeLimits[] _limits =
    [
        DecodeLimits.Default,
        new() { MaxItems = 20, MaxStringBytes = 40, MaxBinaryBytes = 40 },
    ];

    private readonly MessagePackScan _scan = new();
    private readonly FuzzRandom _random = new(0);
    private readonly byte[] _first = new byte[InputBuffer.MaxBytes * 4];
    private readonly byte[] _second = new byte[InputBuffer.MaxBytes * 4];

    public string Name => "reader";

    public string Description => "reads values one behind the other, by the right method and by wrong ones";

    public void Generate(InputBuffer output, FuzzRandom random) => MessagePackGrammar.AddValue(output, random);

    public void Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        ulong hash = InputHash.Of(input);
        DecodeLimits limits = _limits[hash % (ulong)_limits.Length];
        NetReader whole = ReadMeasured(input, limits, _first, probe, out _);
        TryWrongMethods(input, limits, hash, probe);
        CheckPrefix(input, limits, (int)(hash >> 33) % (input.Length + 1), whole.Status, whole.Position, probe);
        CheckIdentity(input, limits, probe);
    }

    /// <summary>Oracle: an input that is cut off gives the same results up to the cut, and then the end of data.</summary>
    private void CheckPrefix(ReadOnlySpan<byte> input, DecodeLimits limits, int cut, DecodeStatus status, int position, FuzzProbe probe)
    {
        NetReader part = ReadMeasured(input[..cut], limits, _second, probe, out _);
        bool isSameFailure = part.Status == status && part.Position == position;
        bool isCleanCut = part.Status == DecodeStatus.Ok && part.Position == cut;
        FuzzProbe.Require(
            isSameFailure || isCleanCut || part.Status == DecodeStatus.EndOfData,
            $"cut at {cut} it is {part.Status} at {part.Position}, whole it is {status} at {position}");
    }

    /// <summary>Oracle: a value that is written and read again is the same.</summary>
    private void CheckIdentity(ReadOnlySpan<byte> input, DecodeLimits limits, FuzzProbe probe)
    {
        _scan.Walk(input, DecodeLimits.MaxDepthCeiling);
        if (_scan.Status != DecodeStatus.Ok)
        {
            return;
        }

        NetReader reader = ReadMeasured(input[.._scan.End], limits, _first, probe, out int written);
        if (!reader.TryEnd())
        {
            return;
        }

        NetReader again = ReadMeasured(_first.AsSpan(0, written), DecodeLimits.Default, _second, probe, out int writtenAgain);
        int longer = ShortestForm.FindLonger(_first.AsSpan(0, written));
        FuzzProbe.Require(longer < 0, $"what was written has at {longer} a value that has a shorter form");
        FuzzProbe.Require(again.TryEnd(), $"what was written of it is {again.Status} at {again.Position}");
        FuzzProbe.Require(_first.AsSpan(0, written).SequenceEqual(_second.AsSpan(0, writtenAgain)), "what was written of it is read as something else");
    }

    // Reads everything, and writes it at the same time.
    private static NetReader ReadMeasured(ReadOnlySpan<byte> input, DecodeLimits limits, byte[] output, FuzzProbe probe, out int written)
    {
        NetWriter writer = new(output);
        NetReader reader = new(input, limits);
        int objects = 0;
        probe.BeginMeasure();
        int before = -1;
        while (reader.Remaining > 0)
        {
            FuzzProbe.Require(reader.Position > before, "the reader does not advance");
            before = reader.Position;
            MessagePackKind type = reader.NextKind;
            byte code = input[before];
            bool read = TryReadNext(ref reader, ref writer, type, ref objects);
            FuzzProbe.Require(read == (reader.Status == DecodeStatus.Ok), $"reading {type} returned {read} with status {reader.Status}");
            FuzzProbe.Require(read || (reader.Position == before && reader.Remaining == 0), $"after a failure at {before} the reader is at {reader.Position}");
            probe.Visit((int)reader.Status, code, reader.Position - before);
        }

        probe.EndMeasure(input.Length, (long)objects * ObjectHeaderBytes);
        FuzzProbe.Require(!writer.Overflowed, "what was read takes four times as much when written");
        written = writer.BytesWritten;
        return reader;
    }

    private static bool TryReadNext(ref NetReader reader, ref NetWriter writer, MessagePackKind type, ref int objects)
    {
        switch (type)
        {
            case MessagePackKind.Nil:
                writer.WriteNil();
                return reader.TryReadNil();
            case MessagePackKind.Boolean:
                bool isBoolean = reader.TryRead(out bool flag);
                writer.Write(flag);
                return isBoolean;
            case MessagePackKind.Integer:
                NetReader ahead = reader;
                if (ahead.TryRead(out ulong positive))
                {
                    writer.Write(positive);
                    return reader.TryRead(out positive);
                }

                bool isInteger = reader.TryRead(out long negative);
                writer.Write(negative);
                return isInteger;
            case MessagePackKind.Float:
                bool isFloat = reader.TryRead(out double number);
                writer.Write(number);
                return isFloat;
            case MessagePackKind.String:
                objects++;
                bool isString = reader.TryRead(out string? text);
                writer.Write(text);
                return isString;
            case MessagePackKind.Binary:
                bool isBinary = reader.TryReadBinary(out ReadOnlySpan<byte> data);
                writer.WriteBinary(data);
                return isBinary;
            case MessagePackKind.Array:
                bool isArray = reader.TryReadArrayHeader(out int count);
                writer.WriteArrayHeader(count);
                return isArray;
            case MessagePackKind.Map:
                bool isMap = reader.TryReadMapHeader(out int pairs);
                writer.WriteMapHeader(pairs);
                return isMap;
            case MessagePackKind.Extension:
                NetReader time = reader;
                if (time.TryReadTimestamp(out long seconds, out int nanoseconds))
                {
                    writer.WriteTimestamp(seconds, nanoseconds);
                    return reader.TryReadTimestamp(out seconds, out nanoseconds);
                }

                bool isExtension = reader.TryReadExtension(out sbyte extension, out ReadOnlySpan<byte> content);
                writer.WriteExtension(extension, content);
                return isExtension;
            default:
                return reader.TryRead(out bool _);
        }
    }

    /// <summary>
    /// Oracles: a method reads exactly one value or fails permanently; a failure gives no result; the fast reader reads what this one
    /// does.
    /// </summary>
    private void TryWrongMethods(ReadOnlySpan<byte> input, DecodeLimits limits, ulong hash, FuzzProbe probe)
    {
        _random.Reseed(hash);
        NetReader reader = new(input, limits);
        while (reader.Remaining > 0)
        {
            int kind = _random.Below(FastReader.Kinds);
            if (FastReader.Check(input[reader.Position..], kind))
            {
                probe.Visit(200 + kind, input[reader.Position], 0);
            }

            if (_random.OneIn(WrongMethodOnceIn))
            {
                NetReader attempt = reader;
                NetReader skipped = reader;
                int method = _random.Below(ReaderMethods.Count);
                bool read = ReaderMethods.TryRead(ref attempt, method, out bool isEmpty, out bool isWholeValue);
                FuzzProbe.Require(read == (attempt.Status == DecodeStatus.Ok), $"method {method} returned {read} with status {attempt.Status}");
                if (!read)
                {
                    FuzzProbe.Require(isEmpty, $"method {method} failed and gave a value");
                    FuzzProbe.Require(attempt.Remaining == 0 && !attempt.TryRead(out int _), $"method {method} failed, but the reader goes on");
                }
                else if (isWholeValue)
                {
                    // One method reads text without checking it.
                    bool isSkipped = skipped.TrySkip() ? skipped.Position == attempt.Position : skipped.Status == DecodeStatus.InvalidUtf8
                        && method == ReaderMethods.OfRawText;
                    FuzzProbe.Require(isSkipped, $"method {method} reads to {attempt.Position}, skip to {skipped.Position}");
                }

                probe.Visit(100 + method, (int)attempt.Status, input[reader.Position]);
            }

            if (!TryStep(ref reader))
            {
                return;
            }
        }
    }

    // Enters a container, or skips everything else.
    private static bool TryStep(ref NetReader reader) => reader.NextKind switch
    {
        MessagePackKind.Array => reader.TryReadArrayHeader(out _),
        MessagePackKind.Map => reader.TryReadMapHeader(out _),
        _ => reader.TrySkip(),
    };
}
