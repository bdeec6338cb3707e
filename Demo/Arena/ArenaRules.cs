using System.Numerics;

namespace NetLoop.Demo.Arena;

/// <summary>The physics of the arena: the server applies them, and the bots check them.</summary>
internal static class ArenaRules
{
    /// <summary>Width and height of the world; positions are from 0 to this, in both directions.</summary>
    public const float Size = 1_000;

    /// <summary>Distance at which an entity sees others.</summary>
    public const float ViewRadius = 60;

    /// <summary>Distance that an entity moves in a second.</summary>
    public const float Speed = 25;

    /// <summary>Maximum number of entities in a snapshot; the nearest are chosen.</summary>
    public const int MaxNearby = 16;

    /// <summary>Shortens a direction to length 1, because a server trusts no client to do so.</summary>
    /// <returns>The direction; zero if it contains a value that is not a number.</returns>
    public static Vector2 Limit(Vector2 direction)
    {
        float length = direction.Length();
        if (!float.IsFinite(length))
        {
            return Vector2.Zero;
        }

        return length > 1 ? direction / length : direction;
    }

    /// <summary>Moves one step; walls stop the movement.</summary>
    public static Vector2 Advance(Vector2 position, Vector2 direction, float seconds) =>
        Vector2.Clamp(position + (Limit(direction) * (Speed * seconds)), Vector2.Zero, new Vector2(Size));

    /// <summary>Whether a position is inside the walls.</summary>
    public static bool IsInside(Vector2 position) => position.X is >= 0 and <= Size && position.Y is >= 0 and <= Size;
}
