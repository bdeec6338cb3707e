using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace NetLoop.Demo.Arena;

/// <summary>A square world in which entities walk and see those near them. The same seed and the same calls give the same world.</summary>
/// <remarks>Thread: one at a time. Uses neither sockets nor clocks.</remarks>
[SuppressMessage("Security", "CA5394", Justification = "Where an entity begins is no secret, and must be repeatable.")]
internal sealed class World(int seed, int tickRate)
{
    private readonly Random _random = new(seed);
    private readonly List<Entity> _entities = [];
    private readonly SpatialGrid _grid = new(ArenaRules.Size, ArenaRules.ViewRadius);
    private uint _lastId;

    /// <summary>Ticks a second.</summary>
    public int TickRate { get; } = tickRate;

    /// <summary>Number of steps so far.</summary>
    public long Tick { get; private set; }

    /// <summary>Number of entities.</summary>
    public int Count => _entities.Count;

    /// <summary>Adds an entity at a random position.</summary>
    /// <param name="mark">See <see cref="Entity.Mark"/>.</param>
    public Entity Enter(byte mark = 0)
    {
        var position = new Vector2(_random.NextSingle(), _random.NextSingle()) * ArenaRules.Size;
        var entity = new Entity(++_lastId, position) { Slot = _entities.Count, Mark = mark };
        _entities.Add(entity);
        return entity;
    }

    /// <summary>Removes an entity. The last one takes its index, so the cost does not depend on the number of entities.</summary>
    public void Leave(Entity entity)
    {
        Entity last = _entities[^1];
        _entities[entity.Slot] = last;
        last.Slot = entity.Slot;
        _entities.RemoveAt(_entities.Count - 1);
    }

    /// <summary>Moves all entities by one step.</summary>
    public void Step()
    {
        Tick++;
        foreach (Entity entity in _entities)
        {
            entity.Advance(1f / TickRate);
        }

        _grid.Rebuild(_entities);
    }

    /// <summary>
    /// Collects the entities around a position, in no order. Compares all entities, which is cheap enough for a few spectators but not for every player.
    /// </summary>
    /// <param name="center">The position.</param>
    /// <param name="radius">Maximum distance from the position.</param>
    /// <param name="around">Receives the entities; cleared first.</param>
    /// <param name="marks">Receives the marks of the entities; its length is the maximum number.</param>
    public void FindAround(Vector2 center, float radius, List<NearbyEntity> around, Span<byte> marks)
    {
        around.Clear();
        foreach (Entity entity in _entities)
        {
            if (Vector2.DistanceSquared(center, entity.Position) <= radius * radius && around.Count < marks.Length)
            {
                marks[around.Count] = entity.Mark;
                around.Add(new NearbyEntity(entity.Id, entity.Position.X, entity.Position.Y));
            }
        }
    }

    /// <summary>Writes the approximate positions of all entities.</summary>
    /// <param name="positions">
    /// Receives two bytes for each entity, x and y, where 255 is the far side of the world. Entities that do not fit are left out.
    /// </param>
    /// <returns>Number of entities written.</returns>
    public int Sketch(Span<byte> positions)
    {
        int count = Math.Min(_entities.Count, positions.Length / 2);
        for (int i = 0; i < count; i++)
        {
            Vector2 part = _entities[i].Position * (byte.MaxValue / ArenaRules.Size);
            positions[2 * i] = (byte)part.X;
            positions[(2 * i) + 1] = (byte)part.Y;
        }

        return count;
    }

    /// <summary>Collects the entities that one entity sees, nearest first. Call this after <see cref="Step"/>, before the world changes again.</summary>
    public void FindNear(Entity viewer, List<NearbyEntity> near) => _grid.FindNear(_entities, viewer, ArenaRules.ViewRadius, near);
}
