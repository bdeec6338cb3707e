namespace NetLoop.Worlds;

/// <summary>What an adversary does when it has said everything.</summary>
internal enum AttackEnd
{
    /// <summary>It waits.</summary>
    Wait,

    /// <summary>It ends its own direction.</summary>
    HalfClose,

    /// <summary>It closes.</summary>
    Close,

    /// <summary>It resets, as soon as it is connected.</summary>
    Reset,
}
