namespace NetLoop;

/// <summary>The result of reading MessagePack.</summary>
public enum DecodeStatus
{
    /// <summary>No failure so far.</summary>
    Ok = 0,

    /// <summary>The bytes end inside a value, or a header announces more elements than there are bytes left.</summary>
    EndOfData,

    /// <summary>A value of another type than requested.</summary>
    WrongType,

    /// <summary>A value outside the range of the requested type, or without a meaning in it.</summary>
    OutOfRange,

    /// <summary>The byte 0xC1, which MessagePack never uses, or an extension whose length does not fit its type.</summary>
    Malformed,

    /// <summary>Nested deeper than <see cref="DecodeLimits.MaxDepth"/>.</summary>
    TooDeep,

    /// <summary>More elements or bytes than <see cref="DecodeLimits"/> allow.</summary>
    TooLong,

    /// <summary>A string that is not UTF-8.</summary>
    InvalidUtf8,

    /// <summary>There are bytes after the value.</summary>
    TrailingData,

    /// <summary>A member without a default is absent: its type does not allow null, and its contract has no other value for it.</summary>
    MissingMember,

    /// <summary>A union tag that has no type here; a newer version may have more types.</summary>
    UnknownTag,

    /// <summary>The value takes more memory than <see cref="DecodeLimits"/> allow for that many bytes.</summary>
    TooLarge,

    /// <summary>A member violates its validation attributes, or a constructor or setter of the contract threw for the value that was read.</summary>
    InvalidValue,
}
