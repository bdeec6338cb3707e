namespace NetLoop.Tests.MessagePack.Peers;

/// <summary>Whether two encodings mean the same: forms may differ, and 3.0 equals 3, because some languages have one kind of number.</summary>
internal static class ValueComparison
{
    /// <summary>Compares the next value of both, with its contents.</summary>
    public static bool AreEqual(ref NetReader a, ref NetReader b)
    {
        // Headers and contents come in the same order, so it is enough to count the values that are still to come.
        for (long left = 1; left > 0; left--)
        {
            if (IsNumber(a) && IsNumber(b))
            {
                if (!AreEqualNumbers(ref a, ref b))
                {
                    return false;
                }

                continue;
            }

            if (a.NextKind != b.NextKind)
            {
                return false;
            }

            switch (a.NextKind)
            {
                case MessagePackKind.Array:
                    if (!a.TryReadArrayHeader(out int items) || !b.TryReadArrayHeader(out int otherItems) || items != otherItems)
                    {
                        return false;
                    }

                    left += items;
                    break;
                case MessagePackKind.Map:
                    if (!a.TryReadMapHeader(out int pairs) || !b.TryReadMapHeader(out int otherPairs) || pairs != otherPairs)
                    {
                        return false;
                    }

                    left += pairs * 2L;
                    break;
                default:
                    if (!AreEqualLeaves(ref a, ref b))
                    {
                        return false;
                    }

                    break;
            }
        }

        return true;
    }

    private static bool IsNumber(in NetReader reader) => reader.NextKind is MessagePackKind.Integer or MessagePackKind.Float;

    private static bool AreEqualNumbers(ref NetReader a, ref NetReader b)
    {
        if (a.NextKind == MessagePackKind.Integer && b.NextKind == MessagePackKind.Integer)
        {
            NetReader unsigned = a;
            return unsigned.TryRead(out ulong _)
                ? a.TryRead(out ulong positive) && b.TryRead(out ulong otherPositive) && positive == otherPositive
                : a.TryRead(out long negative) && b.TryRead(out long otherNegative) && negative == otherNegative;
        }

        return a.TryRead(out double number) && b.TryRead(out double otherNumber) && number.Equals(otherNumber);
    }

    private static bool AreEqualLeaves(ref NetReader a, ref NetReader b)
    {
        switch (a.NextKind)
        {
            case MessagePackKind.Nil:
                return a.TryReadNil() && b.TryReadNil();
            case MessagePackKind.Boolean:
                return a.TryRead(out bool flag) && b.TryRead(out bool otherFlag) && flag == otherFlag;
            case MessagePackKind.String:
                return a.TryReadUtf8(out ReadOnlySpan<byte> text) && b.TryReadUtf8(out ReadOnlySpan<byte> otherText) && text.SequenceEqual(otherText);
            case MessagePackKind.Binary:
                return a.TryReadBinary(out ReadOnlySpan<byte> data) && b.TryReadBinary(out ReadOnlySpan<byte> otherData) && data.SequenceEqual(otherData);
            default:
                return AreEqualExtensions(ref a, ref b);
        }
    }

    private static bool AreEqualExtensions(ref NetReader a, ref NetReader b)
    {
        NetReader time = a;
        return time.TryReadTimestamp(out long seconds, out int nanoseconds)
            ? a.TryReadTimestamp(out _, out _)
                && b.TryReadTimestamp(out long otherSeconds, out int otherNanoseconds)
                && (seconds, nanoseconds) == (otherSeconds, otherNanoseconds)
            : a.TryReadExtension(out sbyte type, out ReadOnlySpan<byte> data) && b.TryReadExtension(out sbyte otherType, out ReadOnlySpan<byte> otherData)
                && type == otherType && data.SequenceEqual(otherData);
    }
}
