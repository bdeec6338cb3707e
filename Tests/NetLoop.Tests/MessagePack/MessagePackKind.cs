namespace NetLoop.Tests.MessagePack;

/// <summary>The kinds of MessagePack values.</summary>
internal enum MessagePackKind
{
    /// <summary>There is no value: the bytes are at their end, or the reader has failed.</summary>
    None = 0,

    /// <summary>Nil.</summary>
    Nil,

    /// <summary>False or true.</summary>
    Boolean,

    /// <summary>An integer of any width.</summary>
    Integer,

    /// <summary>A 32-bit or 64-bit float.</summary>
    Float,

    /// <summary>A string.</summary>
    String,

    /// <summary>Binary data.</summary>
    Binary,

    /// <summary>An array.</summary>
    Array,

    /// <summary>A map.</summary>
    Map,

    /// <summary>An extension, such as a timestamp.</summary>
    Extension,

    /// <summary>The byte 0xC1, which MessagePack never uses.</summary>
    Invalid,
}
