using System.Numerics;
using NetLoop.CompilerServices;
using NetLoop.Fuzzing.Running;

namespace NetLoop.Fuzzing.Targets;

/// <summary>Compares the fast reader, which generated code tries first, with the general reader.</summary>
internal static class FastReader
{
    /// <summary>Number of kinds of values that the fast reader reads.</summary>
    public const int Kinds = 18;

    /// <summary>Oracle: what the fast reader reads, the general reader reads as the same value from the same number of bytes.</summary>
    /// <param name="bytes">Begins at a value.</param>
    /// <param name="kind">The kind of value to read.</param>
    /// <returns>Whether the fast reader knew the form.</returns>
    public static bool Check(ReadOnlySpan<byte> bytes, int kind)
    {
        NetReader general = new(bytes);
        FixedLayoutReader fast = general.BeginFixedLayout();
        bool isRead = Read(ref fast, ref general, kind, out bool isSame);
        FuzzProbe.Require(
            !isRead || (isSame && general.Status == DecodeStatus.Ok && general.Position == bytes.Length - fast.Left),
            $"kind {kind}: the fast reader reads {bytes.Length - fast.Left} bytes, the general one {general.Position} with status {general.Status}, "
                + "or the values differ");
        return isRead;
    }

    private static bool Read(ref FixedLayoutReader fast, ref NetReader general, int kind, out bool isSame)
    {
        bool isRead;
        switch (kind)
        {
            case 0:
                isRead = fast.TryRead(out bool flag);
                isSame = general.TryRead(out bool generalFlag) && flag == generalFlag;
                return isRead;
            case 1:
                isRead = fast.TryRead(out byte number8);
                isSame = general.TryRead(out byte general8) && number8 == general8;
                return isRead;
            case 2:
                isRead = fast.TryRead(out sbyte signed8);
                isSame = general.TryRead(out sbyte generalSigned8) && signed8 == generalSigned8;
                return isRead;
            case 3:
                isRead = fast.TryRead(out ushort number16);
                isSame = general.TryRead(out ushort general16) && number16 == general16;
                return isRead;
            case 4:
                isRead = fast.TryRead(out short signed16);
                isSame = general.TryRead(out short generalSigned16) && signed16 == generalSigned16;
                return isRead;
            case 5:
                isRead = fast.TryRead(out char unit);
                isSame = general.TryRead(out char generalUnit) && unit == generalUnit;
                return isRead;
            case 6:
                isRead = fast.TryRead(out uint number32);
                isSame = general.TryRead(out uint general32) && number32 == general32;
                return isRead;
            case 7:
                isRead = fast.TryRead(out int signed32);
                isSame = general.TryRead(out int generalSigned32) && signed32 == generalSigned32;
                return isRead;
            case 8:
                isRead = fast.TryRead(out ulong number64);
                isSame = general.TryRead(out ulong general64) && number64 == general64;
                return isRead;
            case 9:
                isRead = fast.TryRead(out long signed64);
                isSame = general.TryRead(out long generalSigned64) && signed64 == generalSigned64;
                return isRead;
            case 10:
                isRead = fast.TryRead(out float single);
                isSame = general.TryRead(out float generalSingle) && single.Equals(generalSingle);
                return isRead;
            case 11:
                isRead = fast.TryRead(out double number);
                isSame = general.TryRead(out double generalNumber) && number.Equals(generalNumber);
                return isRead;
            case 12:
                isRead = fast.TryReadNil();
                isSame = general.TryReadNil();
                return isRead;
            case 13:
                isSame = general.TryReadArrayHeader(out int count);
                return isSame && fast.TryReadArrayHeader(count & 0xF);
            case 14:
                isRead = fast.TryRead(out Vector2 two);
                isSame = NetFormatters.Vector2.TryRead(ref general, out Vector2 generalTwo) && two.Equals(generalTwo);
                return isRead;
            case 15:
                isRead = fast.TryRead(out Vector3 three);
                isSame = NetFormatters.Vector3.TryRead(ref general, out Vector3 generalThree) && three.Equals(generalThree);
                return isRead;
            case 16:
                isRead = fast.TryRead(out Vector4 four);
                isSame = NetFormatters.Vector4.TryRead(ref general, out Vector4 generalFour) && four.Equals(generalFour);
                return isRead;
            default:
                isRead = fast.TryRead(out Quaternion turn);
                isSame = NetFormatters.Quaternion.TryRead(ref general, out Quaternion generalTurn) && turn.Equals(generalTurn);
                return isRead;
        }
    }
}
