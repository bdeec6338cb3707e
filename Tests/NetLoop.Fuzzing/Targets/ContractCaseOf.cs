using NetLoop.Fuzzing.Mutation;
using NetLoop.Fuzzing.Running;

namespace NetLoop.Fuzzing.Targets;

/// <summary>Reads, writes and reads again one contract.</summary>
internal sealed class ContractCase<T>() : ContractCase(typeof(T))
    where T : INetContract<T>
{
    private readonly MessagePackScan _scan = new();

    public override void Run(
        ReadOnlySpan<byte> payload, int values, FuzzProbe probe, int number, SegmentedDelivery delivery, ReadOnlySpan<byte> wide, int wholeBytes)
    {
        probe.BeginMeasure();
        bool read = TryRead(payload, out T? value, out DecodeStatus status, out int position, out long chargedBytes);
        probe.EndMeasureOfBudget(payload.Length, chargedBytes, status != DecodeStatus.TooLarge);
        probe.Visit(number, (int)status, position);
        FuzzProbe.Require(read == (status == DecodeStatus.Ok), $"{Type.Name}: TryRead returned {read} with status {status}");
        byte[]? written = read ? NetMessagePack.Serialize(value!) : null;
        if (!payload.IsEmpty)
        {
            CheckPieces(payload, delivery, status, position, written);
        }

        if (!wide.IsEmpty)
        {
            CheckWideForms(payload[..wholeBytes], wide);
        }

        if (written is not null)
        {
            CheckIdentity(written);
            probe.Visit(10_000 + number, values, written.Length);
        }
        else if (position < payload.Length)
        {
            probe.Visit(10_000 + number, payload[position], (int)status);
        }
    }

    private static bool TryRead(ReadOnlySpan<byte> payload, out T? value, out DecodeStatus status, out int position, out long chargedBytes)
    {
        NetReader reader = new(payload);
        bool read = T.TryRead(ref reader, out value);
        status = reader.Status;
        position = reader.Position;
        chargedBytes = reader.ChargedBytes;
        return read;
    }

    /// <summary>Oracle: bytes in pieces are read as the same value as in one piece.</summary>
    private void CheckPieces(ReadOnlySpan<byte> payload, SegmentedDelivery delivery, DecodeStatus status, int position, byte[]? written)
    {
        using SegmentedDelivery ended = delivery;
        TryRead(delivery.Deliver(payload), out T? value, out DecodeStatus statusOfPieces, out int positionOfPieces, out _);
        FuzzProbe.Require(
            statusOfPieces == status && positionOfPieces == position,
            $"{Type.Name}: whole it is {status} at {position}, in pieces {statusOfPieces} at {positionOfPieces}");
        FuzzProbe.Require(
            written is null || NetMessagePack.Serialize(value!).AsSpan().SequenceEqual(written),
            $"{Type.Name}: in pieces another value is read");
    }

    /// <summary>Oracle: values in any form are read as the same; generated code has a separate path for the usual forms.</summary>
    private void CheckWideForms(ReadOnlySpan<byte> whole, ReadOnlySpan<byte> wide)
    {
        bool read = TryRead(whole, out T? value, out DecodeStatus status, out _, out _);
        bool readWide = TryRead(wide, out T? wideValue, out DecodeStatus statusOfWide, out _, out _);
        if (status == DecodeStatus.TooLarge || statusOfWide == DecodeStatus.TooLarge)
        {
            return; // More bytes have a larger budget, and other collections are made ahead of their items.
        }

        FuzzProbe.Require(statusOfWide == status, $"{Type.Name}: it is {status}, and in wider forms, {Convert.ToHexString(wide)}, {statusOfWide}");
        FuzzProbe.Require(
            !read || !readWide || NetMessagePack.Serialize(value!).AsSpan().SequenceEqual(NetMessagePack.Serialize(wideValue!)),
            $"{Type.Name}: in wider forms, {Convert.ToHexString(wide)}, another value is read");
    }

    /// <summary>Oracle: a written value has its shortest form, and is read as the same value.</summary>
    private void CheckIdentity(byte[] written)
    {
        int longer = ShortestForm.FindLonger(written);
        FuzzProbe.Require(longer < 0, $"{Type.Name}: {Convert.ToHexString(written)} has at {longer} a value that has a shorter form");
        if (NetMessagePack.TryDeserialize(written, out T? again, out DecodeStatus status))
        {
            FuzzProbe.Require(
                NetMessagePack.Serialize(again).AsSpan().SequenceEqual(written),
                $"{Type.Name}: {Convert.ToHexString(written)} is written again as {Convert.ToHexString(NetMessagePack.Serialize(again))}");
            return;
        }
        // Absent members are written with their defaults, which may be nested one level deeper than the input.
        _scan.Walk(written, DecodeLimits.Default.MaxDepth - 2);
        FuzzProbe.Require(
            status == DecodeStatus.TooDeep && _scan.Status == DecodeStatus.TooDeep,
            $"{Type.Name}: what was written of it, {Convert.ToHexString(written)}, is {status}");
    }
}
