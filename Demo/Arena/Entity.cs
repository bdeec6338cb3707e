using System.Numerics;

namespace NetLoop.Demo.Arena;

/// <summary>Someone in the world.</summary>
/// <remarks>Thread: that of the world.</remarks>
internal sealed class Entity(uint id, Vector2 position)
{
    /// <summary>Never used for another entity of the same world.</summary>
    public uint Id { get; } = id;

    /// <summary>Inside the walls.</summary>
    public Vector2 Position { get; private set; } = position;

    /// <summary>Where it goes; at most 1 long.</summary>
    public Vector2 Direction { get; private set; }

    /// <summary>Sequence of the last <see cref="Arena.Steer"/>.</summary>
    public uint Acknowledged { get; private set; }

    /// <summary>Its place in the world's list.</summary>
    internal int Slot { get; set; }

    /// <summary>Takes a new direction.</summary>
    /// <returns>How many messages before this one never arrived, or came twice; 0 when all is well.</returns>
    public int Steer(in Steer steer)
    {
        long missing = Math.Abs((long)steer.Sequence - Acknowledged - 1);
        Direction = ArenaRules.Limit(new Vector2(steer.X, steer.Y));
        Acknowledged = steer.Sequence;
        return (int)Math.Min(missing, int.MaxValue);
    }

    /// <summary>Moves one step.</summary>
    public void Advance(float seconds) => Position = ArenaRules.Advance(Position, Direction, seconds);
}
