namespace NetLoop.Worlds;

/// <summary>What an adversary does when it has sent all its bytes.</summary>
internal enum AttackEnd
{
    /// <summary>It waits.</summary>
    Wait,

    /// <summary>It ends its own direction of the stream.</summary>
    HalfClose,

    /// <summary>It closes.</summary>
    Close,

    /// <summary>It resets as soon as it is connected.</summary>
    Reset,
}
