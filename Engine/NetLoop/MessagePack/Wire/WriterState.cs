namespace NetLoop.MessagePack.Wire;

/// <summary>The state of a writer's memory.</summary>
[Flags]
internal enum WriterState : byte
{
    /// <summary>The memory is the original one.</summary>
    None = 0,

    /// <summary>A value did not fit; nothing more is written.</summary>
    Overflowed = 1,

    /// <summary>Bytes that do not fit are kept in separate memory.</summary>
    Keeps = 2,

    /// <summary>Bytes are in separate memory.</summary>
    Spilled = 4,
}
