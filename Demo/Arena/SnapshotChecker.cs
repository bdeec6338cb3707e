using System.Globalization;
using System.Numerics;

namespace NetLoop.Demo.Arena;

/// <summary>Simulates one entity as the server does, and checks that every snapshot is exactly the expected one.</summary>
/// <remarks>Thread: one at a time. Does no I/O.</remarks>
internal sealed class SnapshotChecker(in Entered entered)
{
    /// <summary>Maximum number of directions that the server has not acknowledged; at this limit the sender waits.</summary>
    public const int MaxUnacknowledged = 128;

    // Both sides compute with the same 32-bit numbers; the tolerance allows for other compilers and languages.
    private const float Tolerance = 0.01f;

    private readonly Vector2[] _directions = new Vector2[MaxUnacknowledged];
    private readonly uint _id = entered.Id;
    private readonly float _stepSeconds = 1f / entered.TickRate;
    private long _tick = entered.Tick;
    private Vector2 _direction;

    /// <summary>The last known position of the entity.</summary>
    public Vector2 Position { get; private set; } = new(entered.X, entered.Y);

    /// <summary>Sequence number of the last direction that was sent.</summary>
    public uint Sent { get; private set; }

    /// <summary>Sequence number of the last direction that the server acknowledged.</summary>
    public uint Acknowledged { get; private set; }

    /// <summary>Whether another direction may be sent.</summary>
    public bool MaySend => Sent - Acknowledged < MaxUnacknowledged;

    /// <summary>Number of missing snapshots.</summary>
    public long Missing { get; private set; }

    /// <summary>Number of wrong snapshots.</summary>
    public long Wrong { get; private set; }

    /// <summary>Describes the first wrong snapshot; null if there was none.</summary>
    public string? FirstFault { get; private set; }

    /// <summary>Records a direction that is about to be sent.</summary>
    public Steer Send(Vector2 direction)
    {
        Sent++;
        _directions[Sent % MaxUnacknowledged] = direction;
        return new Steer(Sent, direction.X, direction.Y);
    }

    /// <summary>Compares a snapshot with the expected one.</summary>
    public void Check(in Nearby snapshot)
    {
        if (FindFault(snapshot) is { } fault)
        {
            Wrong++;
            FirstFault ??= string.Create(CultureInfo.InvariantCulture, $"entity {_id}, tick {snapshot.Tick}: {fault}");
        }

        Missing += Math.Max(0, snapshot.Tick - _tick - 1);
        _tick = snapshot.Tick;
        Position = new Vector2(snapshot.X, snapshot.Y);
    }

    private string? FindFault(in Nearby snapshot)
    {
        if (snapshot.Acknowledged - Acknowledged > Sent - Acknowledged)
        {
            return $"acknowledges {snapshot.Acknowledged}, but {Acknowledged} to {Sent} were possible";
        }

        Acknowledge(snapshot.Acknowledged);
        if (snapshot.Tick != _tick + 1)
        {
            return $"came after tick {_tick}";
        }

        var position = new Vector2(snapshot.X, snapshot.Y);
        Vector2 expected = ArenaRules.Advance(Position, _direction, _stepSeconds);

        // Written so that the check fails for a position that is not a number.
        return ArenaRules.IsInside(position) && Vector2.Distance(position, expected) <= Tolerance
            ? FindFault(position, snapshot.Entities)
            : $"is at {position}, but has to be at {expected}";
    }

    private string? FindFault(Vector2 position, List<NearbyEntity> entities)
    {
        float farthest = 0;
        foreach (NearbyEntity entity in entities)
        {
            float distance = Vector2.Distance(position, new Vector2(entity.X, entity.Y));
            if (!(distance <= ArenaRules.ViewRadius + Tolerance) || distance < farthest - Tolerance || entity.Id == _id)
            {
                return $"sees entity {entity.Id} at {distance}, which is itself, beyond {ArenaRules.ViewRadius} or out of order";
            }

            farthest = distance;
        }

        return null;
    }

    private void Acknowledge(uint sequence)
    {
        if (sequence != Acknowledged)
        {
            Acknowledged = sequence;
            _direction = _directions[sequence % MaxUnacknowledged];
        }
    }
}
