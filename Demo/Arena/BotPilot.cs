using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace NetLoop.Demo.Arena;

/// <summary>Decides where a bot goes: it wanders, and turns back before it reaches a wall. The same seed gives the same walk.</summary>
[SuppressMessage("Security", "CA5394", Justification = "A walk is no secret, and must be repeatable.")]
internal sealed class BotPilot
{
    private const float WallMargin = 50;
    private const float MaxTurn = 0.6f;

    private readonly Random _random;
    private float _heading;

    /// <summary>Creates a pilot with a random heading.</summary>
    public BotPilot(int seed)
    {
        _random = new Random(seed);
        _heading = _random.NextSingle() * MathF.Tau;
    }

    /// <summary>Returns the next direction, of length 1.</summary>
    public Vector2 Decide(Vector2 position)
    {
        bool nearWall = position.X is < WallMargin or > ArenaRules.Size - WallMargin || position.Y is < WallMargin or > ArenaRules.Size - WallMargin;
        Vector2 toCentre = new Vector2(ArenaRules.Size / 2) - position;
        _heading = nearWall
            ? MathF.Atan2(toCentre.Y, toCentre.X)
            : _heading + (((_random.NextSingle() * 2) - 1) * MaxTurn);
        return new Vector2(MathF.Cos(_heading), MathF.Sin(_heading));
    }
}
