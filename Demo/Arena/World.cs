using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace NetLoop.Demo.Arena;

/// <summary>A square world in which entities walk and see those near them. The same seed and the same calls give the same world.</summary>
/// <remarks>Thread: one at a time. Knows no sockets and no clock.</remarks>
[SuppressMessage("Security", "CA5394", Justification = "Where an entity begins is no secret, and must be repeatable.")]
internal sealed class World(int seed, int tickRate)
{
    private readonly Random _random = new(seed);
    private readonly List<Entity> _entities = [];
    private readonly SpatialGrid _grid = new(ArenaRules.Size, ArenaRules.ViewRadius);
    private uint _lastId;

    /// <summary>Steps a second.</summary>
    public int TickRate { get; } = tickRate;

    /// <summary>Steps made.</summary>
    public long Tick { get; private set; }

    /// <summary>How many are in the world.</summary>
    public int Count => _entities.Count;

    /// <summary>Puts a new entity somewhere.</summary>
    public Entity Enter()
    {
        var position = new Vector2(_random.NextSingle(), _random.NextSingle()) * ArenaRules.Size;
        var entity = new Entity(++_lastId, position) { Slot = _entities.Count };
        _entities.Add(entity);
        return entity;
    }

    /// <summary>Takes an entity out. The last one takes its place, so that leaving costs the same however many are left.</summary>
    public void Leave(Entity entity)
    {
        Entity last = _entities[^1];
        _entities[entity.Slot] = last;
        last.Slot = entity.Slot;
        _entities.RemoveAt(_entities.Count - 1);
    }

    /// <summary>Moves everybody one step.</summary>
    public void Step()
    {
        Tick++;
        foreach (Entity entity in _entities)
        {
            entity.Advance(1f / TickRate);
        }

        _grid.Rebuild(_entities);
    }

    /// <summary>Collects who is around a place, in no order. Looks at everybody: for a few watchers, not for every player.</summary>
    /// <param name="center">The place.</param>
    /// <param name="radius">How far from it.</param>
    /// <param name="most">The most to collect.</param>
    /// <param name="around">Receives them; cleared first.</param>
    public void FindAround(Vector2 center, float radius, int most, List<NearbyEntity> around)
    {
        around.Clear();
        foreach (Entity entity in _entities)
        {
            if (Vector2.DistanceSquared(center, entity.Position) <= radius * radius && around.Count < most)
            {
                around.Add(new NearbyEntity(entity.Id, entity.Position.X, entity.Position.Y));
            }
        }
    }

    /// <summary>Writes down roughly where everybody is.</summary>
    /// <param name="positions">Receives two bytes each, x and y, where 255 is the far side; those that find no room are left out.</param>
    /// <returns>How many were written.</returns>
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

    /// <summary>Collects whom an entity sees, nearest first. To be called between <see cref="Step"/> and the next change of the world.</summary>
    public void FindNear(Entity viewer, List<NearbyEntity> near) => _grid.FindNear(_entities, viewer, ArenaRules.ViewRadius, near);
}
