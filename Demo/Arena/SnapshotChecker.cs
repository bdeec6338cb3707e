using System.Globalization;
using System.Numerics;

namespace NetLoop.Demo.Arena;

/// <summary>Plays the server's part a second time for one entity, and compares: every snapshot must be the one that should have come.</summary>
/// <remarks>Thread: one at a time. Sans-I/O.</remarks>
internal sealed class SnapshotChecker(in Entered entered)
{
    /// <summary>How many directions may be on their way to the server unacknowledged; a sender has to wait then.</summary>
    public const int MaxUnacknowledged = 128;

    // Both sides compute with the same 32-bit numbers; the tolerance is for other compilers and other languages.
    private const float Tolerance = 0.01f;

    private readonly Vector2[] _directions = new Vector2[MaxUnacknowledged];
    private readonly uint _id = entered.Id;
    private readonly float _stepSeconds = 1f / entered.TickRate;
    private long _tick = entered.Tick;
    private Vector2 _direction;

    /// <summary>Where the entity was last.</summary>
    public Vector2 Position { get; private set; } = new(entered.X, entered.Y);

    /// <summary>Sequence of the last direction sent.</summary>
    public uint Sent { get; private set; }

    /// <summary>Sequence of the last direction the server had.</summary>
    public uint Acknowledged { get; private set; }

    /// <summary>Whether another direction may be sent.</summary>
    public bool MaySend => Sent - Acknowledged < MaxUnacknowledged;

    /// <summary>Snapshots that never came.</summary>
    public long Missing { get; private set; }

    /// <summary>Snapshots that were not what they had to be.</summary>
    public long Wrong { get; private set; }

    /// <summary>What was wrong first, in words; null when nothing was.</summary>
    public string? FirstFault { get; private set; }

    /// <summary>Notes a direction that is about to be sent.</summary>
    public Steer Send(Vector2 direction)
    {
        Sent++;
        _directions[Sent % MaxUnacknowledged] = direction;
        return new Steer(Sent, direction.X, direction.Y);
    }

    /// <summary>Compares a snapshot with what it has to be.</summary>
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

        // Written so that a position that is not a number fails.
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
