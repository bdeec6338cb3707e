namespace NetLoop.MessagePack.Wire;

/// <summary>The first bytes of MessagePack values.</summary>
/// <remarks>Source: msgpack/spec.md, "Formats".</remarks>
internal static class MessagePackCode
{
    public const byte MaxFixPositive = 0x7F;
    public const byte FixMap = 0x80;
    public const byte MaxFixMap = 0x8F;
    public const byte FixArray = 0x90;
    public const byte MaxFixArray = 0x9F;
    public const byte FixString = 0xA0;
    public const byte MaxFixString = 0xBF;
    public const byte Nil = 0xC0;
    public const byte NeverUsed = 0xC1;
    public const byte False = 0xC2;
    public const byte True = 0xC3;
    public const byte Binary8 = 0xC4;
    public const byte Binary16 = 0xC5;
    public const byte Binary32 = 0xC6;
    public const byte Extension8 = 0xC7;
    public const byte Extension16 = 0xC8;
    public const byte Extension32 = 0xC9;
    public const byte Float32 = 0xCA;
    public const byte Float64 = 0xCB;
    public const byte UInt8 = 0xCC;
    public const byte UInt16 = 0xCD;
    public const byte UInt32 = 0xCE;
    public const byte UInt64 = 0xCF;
    public const byte Int8 = 0xD0;
    public const byte Int16 = 0xD1;
    public const byte Int32 = 0xD2;
    public const byte Int64 = 0xD3;
    public const byte FixExtension1 = 0xD4;
    public const byte FixExtension2 = 0xD5;
    public const byte FixExtension4 = 0xD6;
    public const byte FixExtension8 = 0xD7;
    public const byte FixExtension16 = 0xD8;
    public const byte String8 = 0xD9;
    public const byte String16 = 0xDA;
    public const byte String32 = 0xDB;
    public const byte Array16 = 0xDC;
    public const byte Array32 = 0xDD;
    public const byte Map16 = 0xDE;
    public const byte Map32 = 0xDF;
    public const byte MinFixNegative = 0xE0;

    /// <summary>Longest string whose length fits into its first byte.</summary>
    public const int MaxFixStringBytes = 31;

    /// <summary>Largest count of an array or map that fits into its first byte.</summary>
    public const int MaxFixCount = 15;

    /// <summary>The extension for a point in time.</summary>
    public const sbyte TimestampExtension = -1;
}
