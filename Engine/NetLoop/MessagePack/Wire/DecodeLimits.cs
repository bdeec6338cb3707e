using System.Runtime.CompilerServices;

namespace NetLoop;

/// <summary>Limits for reading MessagePack from a peer. The defaults are meant for hostile peers; a trusted source can be given more.</summary>
/// <remarks>Thread: any; immutable.</remarks>
public sealed class DecodeLimits
{
    /// <summary>The highest value of <see cref="MaxDepth"/>.</summary>
    public const int MaxDepthCeiling = 500;

    /// <summary>The default limits.</summary>
    public static DecodeLimits Default { get; } = new();

    /// <summary>Nesting depth of arrays and maps: 0 to 500; default 64. It is lower on a thread whose stack is too small.</summary>
    public int MaxDepth { get; init => field = Checked(value, MaxDepthCeiling); } = 64;

    /// <summary>Maximum number of elements of an array, or of pairs of a map. At least 0; default 65,536.</summary>
    public int MaxItems { get; init => field = Checked(value, int.MaxValue); } = 65_536;

    /// <summary>Maximum number of UTF-8 bytes of a string. At least 0; default 64 KiB.</summary>
    public int MaxStringBytes { get; init => field = Checked(value, int.MaxValue); } = 64 * 1024;

    /// <summary>Maximum number of bytes of a binary value or extension. At least 0; default 64 KiB.</summary>
    public int MaxBinaryBytes { get; init => field = Checked(value, int.MaxValue); } = 64 * 1024;

    /// <summary>
    /// Memory that the decoded value may take for each byte of the source, or <see cref="MinDecodedBytes"/> if that is more. At least 0; default 96.
    /// </summary>
    /// <remarks>
    /// Counts objects, collections with room for their elements, strings, and the defaults of absent members. Small values that become objects need the most
    /// memory: a list of sets of one small number takes 91 for each byte, of empty dictionaries 91, of lists of one number 41, and of strings of one character
    /// 18. A list of contracts that an older version sends without some collections takes as much as those collections do when empty.
    /// </remarks>
    public int MaxDecodedBytesPerByte { get; init => field = Checked(value, int.MaxValue); } = 96;

    /// <summary>Memory that the decoded value may take even if the source is short. At least 0; default 64 KiB.</summary>
    public int MinDecodedBytes { get; init => field = Checked(value, int.MaxValue); } = 64 * 1024;

    private static int Checked(int value, int ceiling, [CallerMemberName] string name = "") =>
        value >= 0 && value <= ceiling
            ? value
            : throw new ArgumentOutOfRangeException(
                name, value, $"{nameof(DecodeLimits)}.{name} is {value}; give it a value from 0 to {ceiling}.");
}
