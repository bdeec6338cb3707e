namespace NetLoop;

/// <summary>What reading MessagePack came to.</summary>
public enum DecodeStatus
{
    /// <summary>All well so far.</summary>
    Ok = 0,

    /// <summary>The bytes end inside a value, or a header counts more elements than bytes are left.</summary>
    EndOfData,

    /// <summary>A value of another type than asked for.</summary>
    WrongType,

    /// <summary>A value that the type asked for cannot hold, or that has no meaning in it.</summary>
    OutOfRange,

    /// <summary>The byte 0xC1, which MessagePack never uses, or an extension whose length does not fit its type.</summary>
    Malformed,

    /// <summary>More nested than <see cref="DecodeLimits.MaxDepth"/>.</summary>
    TooDeep,

    /// <summary>More elements or bytes than <see cref="DecodeLimits"/> allow.</summary>
    TooLong,

    /// <summary>A string that is not UTF-8.</summary>
    InvalidUtf8,

    /// <summary>Bytes behind the value.</summary>
    TrailingData,

    /// <summary>A member is absent that has no default: its type cannot be null and its contract gives no other value.</summary>
    MissingMember,

    /// <summary>A union's tag that stands for no type here: a newer version may have more.</summary>
    UnknownTag,

    /// <summary>The value takes more memory than <see cref="DecodeLimits"/> grant to that many bytes.</summary>
    TooLarge,

    /// <summary>A constructor or a setter of the contract threw for what was read.</summary>
    InvalidValue,
}
