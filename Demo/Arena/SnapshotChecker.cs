using System.Globalization;
using System.Numerics;

namespace NetLoop.Demo.Arena;

/// <summary>
/// Simulates one entity as the server does, and checks every snapshot. Snapshots and directions may be skipped; what arrives must be right, and newer than
/// what arrived before.
/// </summary>
/// <remarks>Thread: one at a time. Does no I/O.</remarks>
internal sealed class SnapshotChecker(in Entered entered)
{
    /// <summary>Number of directions that are remembered until the server acknowledges them; at this limit the sender waits.</summary>
    public const int MaxUnacknowledged = 128;

    /// <summary>Maximum number of steps without a snapshot for which the path is computed; after more, only the distance is checked.</summary>
    private const int MaxPathSteps = 256;

    /// <summary>
    /// Maximum number of steps that are tried to explain a position. It is enough for a second without snapshots and a new direction every tenth of it.
    /// </summary>
    private const int MaxTries = 20_000;

    // Both sides compute with the same 32-bit numbers; the tolerance allows for other compilers and languages.
    private const float Tolerance = 0.01f;

    private readonly Vector2[] _directions = new Vector2[MaxUnacknowledged];
    private readonly uint _id = entered.Id;
    private readonly float _stepSeconds = 1f / entered.TickRate;
    private long _tick = entered.Tick;

    // The direction that the server acknowledged last; null if it is forgotten.
    private Vector2? _direction = Vector2.Zero;
    private int _tries;

    /// <summary>The last known position of the entity.</summary>
    public Vector2 Position { get; private set; } = new(entered.X, entered.Y);

    /// <summary>Sequence number of the last direction that was sent.</summary>
    public uint Sent { get; private set; }

    /// <summary>Sequence number of the last direction that the server acknowledged.</summary>
    public uint Acknowledged { get; private set; }

    /// <summary>Whether another direction may be sent without forgetting one that the server may still acknowledge.</summary>
    public bool MaySend => Sent - Acknowledged < MaxUnacknowledged;

    /// <summary>Number of snapshots that never came.</summary>
    public long Skipped { get; private set; }

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

    /// <summary>Compares a snapshot with what the server can have computed since the previous one.</summary>
    public void Check(in Nearby snapshot)
    {
        if (FindFault(snapshot) is { } fault)
        {
            Wrong++;
            FirstFault ??= string.Create(CultureInfo.InvariantCulture, $"entity {_id}, tick {snapshot.Tick}: {fault}");
        }

        if (snapshot.Tick > _tick)
        {
            Skipped += snapshot.Tick - _tick - 1;
            _tick = snapshot.Tick;
            Position = new Vector2(snapshot.X, snapshot.Y);
        }
    }

    private string? FindFault(in Nearby snapshot)
    {
        if (snapshot.Tick <= _tick)
        {
            return $"came after tick {_tick}";
        }

        if (snapshot.Acknowledged - Acknowledged > Sent - Acknowledged)
        {
            return $"acknowledges {snapshot.Acknowledged}, but {Acknowledged} to {Sent} were possible";
        }

        var position = new Vector2(snapshot.X, snapshot.Y);
        bool isPossible = ArenaRules.IsInside(position) && CanReach(position, snapshot.Tick - _tick, snapshot.Acknowledged);
        string? fault = isPossible
            ? FindFault(position, snapshot.Entities)
            : $"is at {position}, but that cannot be reached from {Position} in {snapshot.Tick - _tick} steps";
        Acknowledge(snapshot.Acknowledged);
        return fault;
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

    // Without a gap there is one possible position. After one, the server may have taken each direction at any of the steps, or have skipped it.
    private bool CanReach(Vector2 target, long steps, uint last)
    {
        if (steps > MaxPathSteps)
        {
            return IsNear(Position, target, steps);
        }

        _tries = MaxTries;
        return CanReach(Position, Acknowledged, target, (int)steps, last);
    }

    private bool CanReach(Vector2 position, uint current, Vector2 target, int steps, uint last)
    {
        if (steps == 0)
        {
            return IsNear(position, target, steps: 0);
        }

        if (!IsNear(position, target, steps))
        {
            return false;
        }

        for (uint next = steps == 1 ? last : current; next <= last; next++)
        {
            // Within reach is all that can be said when a direction is forgotten, or too many paths would have to be tried.
            if (DirectionOf(next) is not { } direction || --_tries < 0
                || CanReach(ArenaRules.Advance(position, direction, _stepSeconds), next, target, steps - 1, last))
            {
                return true;
            }
        }

        return false;
    }

    private Vector2? DirectionOf(uint sequence) =>
        sequence == Acknowledged ? _direction : Sent - sequence < MaxUnacknowledged ? _directions[sequence % MaxUnacknowledged] : null;

    // Written so that the check fails for a position that is not a number.
    private bool IsNear(Vector2 position, Vector2 target, long steps) =>
        Vector2.Distance(position, target) <= (steps * ArenaRules.Speed * _stepSeconds) + Tolerance;

    private void Acknowledge(uint sequence)
    {
        _direction = DirectionOf(sequence);
        Acknowledged = sequence;
    }
}
