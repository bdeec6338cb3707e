using System.Numerics;

namespace NetLoop.Demo.Arena;

/// <summary>A player's body in the world.</summary>
/// <remarks>Thread: the world's.</remarks>
internal sealed class Entity(uint id, Vector2 position)
{
    /// <summary>The id; the world never uses it again.</summary>
    public uint Id { get; } = id;

    /// <summary>The position, inside the walls.</summary>
    public Vector2 Position { get; private set; } = position;

    /// <summary>The direction of movement; its length is at most 1.</summary>
    public Vector2 Direction { get; private set; }

    /// <summary>Sequence number of the last <see cref="Arena.Steer"/>.</summary>
    public uint Acknowledged { get; private set; }

    /// <summary>A number of the application, for spectators.</summary>
    public byte Mark { get; init; }

    /// <summary>Index in the world's list.</summary>
    internal int Slot { get; set; }

    /// <summary>Sets a new direction.</summary>
    /// <param name="steer">The message.</param>
    /// <param name="skipped">Number of messages between the previous one and this one, which never arrived.</param>
    /// <returns>False, with no effect, when the message is not newer than the previous one: it came twice, or out of order.</returns>
    public bool TrySteer(in Steer steer, out uint skipped)
    {
        skipped = 0;
        if (steer.Sequence <= Acknowledged)
        {
            return false;
        }

        skipped = steer.Sequence - Acknowledged - 1;
        Direction = ArenaRules.Limit(new Vector2(steer.X, steer.Y));
        Acknowledged = steer.Sequence;
        return true;
    }

    /// <summary>Moves one step.</summary>
    public void Advance(float seconds) => Position = ArenaRules.Advance(Position, Direction, seconds);
}
