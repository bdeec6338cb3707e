using System.Runtime.CompilerServices;

namespace NetLoop;

/// <summary>What a reader takes from a peer. The defaults are made for hostile peers; a trusted one can be given more, reader by reader.</summary>
/// <remarks>Thread: any; never changes once made.</remarks>
public sealed class DecodeLimits
{
    /// <summary>The most that <see cref="MaxDepth"/> can be.</summary>
    public const int MaxDepthCeiling = 500;

    /// <summary>The limits used where none are given.</summary>
    public static DecodeLimits Default { get; } = new();

    /// <summary>Arrays and maps inside each other. 0 to 500; default 64. Where the stack of the thread ends earlier, values are too deep earlier.</summary>
    public int MaxDepth { get; init => field = Checked(value, MaxDepthCeiling); } = 64;

    /// <summary>Elements of one array, or pairs of one map. At least 0; default 65,536.</summary>
    public int MaxItems { get; init => field = Checked(value, int.MaxValue); } = 65_536;

    /// <summary>UTF-8 bytes of one string. At least 0; default 64 KiB.</summary>
    public int MaxStringBytes { get; init => field = Checked(value, int.MaxValue); } = 64 * 1024;

    /// <summary>Bytes of one binary value or extension. At least 0; default 64 KiB.</summary>
    public int MaxBinaryBytes { get; init => field = Checked(value, int.MaxValue); } = 64 * 1024;

    /// <summary>
    /// Memory of what is read, for each byte that it is read from; a shorter source may take <see cref="MinDecodedBytes"/>. At least 0;
    /// default 96.
    /// </summary>
    /// <remarks>
    /// Objects, collections with room for their elements, strings, and what absent members become. Small values that become objects need most: a list
    /// of sets of one small number 91, of empty dictionaries 91, of lists of one number 40, of strings of one character 18, and a list of contracts that an
    /// older version sends without some collections as much as those take empty.
    /// </remarks>
    public int MaxDecodedBytesPerByte { get; init => field = Checked(value, int.MaxValue); } = 96;

    /// <summary>Memory that may be taken however short the source is. At least 0; default 64 KiB.</summary>
    public int MinDecodedBytes { get; init => field = Checked(value, int.MaxValue); } = 64 * 1024;

    private static int Checked(int value, int ceiling, [CallerMemberName] string name = "") =>
        value >= 0 && value <= ceiling
            ? value
            : throw new ArgumentOutOfRangeException(
                name, value, $"{nameof(DecodeLimits)}.{name} is {value}; give it a value from 0 to {ceiling}.");
}
