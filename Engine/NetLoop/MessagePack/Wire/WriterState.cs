namespace NetLoop.MessagePack.Wire;

/// <summary>What became of the memory that a writer writes into.</summary>
[Flags]
internal enum WriterState : byte
{
    /// <summary>It is what it was given.</summary>
    None = 0,

    /// <summary>A value did not fit; nothing more is written.</summary>
    Overflowed = 1,

    /// <summary>What does not fit goes on in memory of its own.</summary>
    Keeps = 2,

    /// <summary>It does.</summary>
    Spilled = 4,
}
