using System.Numerics;

namespace NetLoop.Demo.Arena;

/// <summary>The physics of the arena: known to the server, which applies it, and to the bots, which check it.</summary>
internal static class ArenaRules
{
    /// <summary>Width and height of the world; positions are from 0 to this, in both directions.</summary>
    public const float Size = 1_000;

    /// <summary>How far an entity sees.</summary>
    public const float ViewRadius = 60;

    /// <summary>How far an entity moves in a second.</summary>
    public const float Speed = 25;

    /// <summary>The most entities in one snapshot; the nearest are chosen.</summary>
    public const int MaxNearby = 16;

    /// <summary>Shortens a direction to length 1; a server trusts no client to do so.</summary>
    /// <returns>The direction, or zero when it is not made of numbers.</returns>
    public static Vector2 Limit(Vector2 direction)
    {
        float length = direction.Length();
        if (!float.IsFinite(length))
        {
            return Vector2.Zero;
        }

        return length > 1 ? direction / length : direction;
    }

    /// <summary>Moves one step and stops at the walls.</summary>
    public static Vector2 Advance(Vector2 position, Vector2 direction, float seconds) =>
        Vector2.Clamp(position + (Limit(direction) * (Speed * seconds)), Vector2.Zero, new Vector2(Size));

    /// <summary>Whether a position is inside the walls.</summary>
    public static bool IsInside(Vector2 position) => position.X is >= 0 and <= Size && position.Y is >= 0 and <= Size;
}
