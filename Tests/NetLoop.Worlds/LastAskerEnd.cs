namespace NetLoop.Worlds;

/// <summary>What a <see cref="LastAsker"/> sends after its requests, before it ends its stream.</summary>
internal enum LastAskerEnd
{
    /// <summary>Nothing.</summary>
    Nothing,

    /// <summary>An incomplete frame.</summary>
    HalfFrame,

    /// <summary>Goodbye, and a message that must not be handled.</summary>
    Goodbye,

    /// <summary>A frame of length zero, and a message that must not be handled.</summary>
    BadLength,

    /// <summary>A message that does not fit its contract, and one that must not be handled.</summary>
    BadBody,
}
