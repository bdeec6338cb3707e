using NetLoop.CompilerServices;

namespace NetLoop.Tests.Fuzzing;

/// <summary>A contract whose fast path drops the high byte of a number.</summary>
public sealed class BrokenContract : INetContract<BrokenContract>
{
    public static bool IsBroken { get; set; }

    [Key(0)]
    public ushort Number { get; set; }

    public static void Write(ref NetWriter writer, in BrokenContract value)
    {
        writer.WriteArrayHeader(1);
        writer.Write(value.Number);
    }

    public static bool TryRead(ref NetReader reader, [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out BrokenContract value)
    {
        value = null;
        if (!reader.TryCharge(64))
        {
            return false;
        }

        FixedLayoutReader layout = reader.BeginFixedLayout();
        if (layout.TryReadArrayHeader(1) && layout.TryRead(out ushort number))
        {
            reader.EndFixedLayout(layout);
            value = new BrokenContract { Number = IsBroken ? (byte)number : number };
            return true;
        }

        if (!reader.TryEnterArray(out int count))
        {
            return false;
        }

        number = 0;
        if (count > 0 && !reader.TryRead(out number))
        {
            return false;
        }

        value = new BrokenContract { Number = number };
        return reader.TryLeaveArray(count, 1);
    }
}
