using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Emit;

namespace NetLoop.Tests.Simulation.PlantedBugs;

/// <summary>Enumerates the instructions of a method body.</summary>
internal static class IntermediateCode
{
    private static readonly Dictionary<int, OpCode> Codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => (int)(ushort)code.Value);

    /// <summary>Each instruction with its position.</summary>
    public static IEnumerable<(int Offset, OpCode Code)> Walk(byte[] image, int start, int length)
    {
        int offset = start;
        while (offset < start + length)
        {
            int value = image[offset] == 0xFE ? 0xFE00 | image[offset + 1] : image[offset];
            OpCode code = Codes[value];
            yield return (offset, code);
            offset += code.Size + OperandBytes(image, offset + code.Size, code.OperandType);
        }
    }

    private static int OperandBytes(byte[] image, int offset, OperandType type) => type switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + (4 * BinaryPrimitives.ReadInt32LittleEndian(image.AsSpan(offset))),
        _ => 4,
    };
}
