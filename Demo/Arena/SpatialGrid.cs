using System.Numerics;

namespace NetLoop.Demo.Arena;

/// <summary>Finds the entities near a position without comparing all pairs: the world is divided into cells that are as wide as the view radius.</summary>
/// <remarks>Thread: the world's. Allocates only when the world has more entities than ever before.</remarks>
internal sealed class SpatialGrid
{
    private const int None = -1;

    private readonly float _cellSize;
    private readonly int _cellsPerSide;
    private readonly int[] _firstInCell;
    private int[] _nextInCell = [];

    /// <summary>Creates an empty grid.</summary>
    /// <param name="size">Width and height of the world.</param>
    /// <param name="radius">The view radius.</param>
    public SpatialGrid(float size, float radius)
    {
        // An entity sees its own cell and the eight around it, so no cell may be narrower than the radius.
        _cellsPerSide = Math.Max(1, (int)(size / radius));
        _cellSize = size / _cellsPerSide;
        _firstInCell = new int[_cellsPerSide * _cellsPerSide];
    }

    /// <summary>Sorts all entities into their cells; sets their slots to their indexes in the list.</summary>
    public void Rebuild(List<Entity> entities)
    {
        if (_nextInCell.Length < entities.Count)
        {
            Array.Resize(ref _nextInCell, Math.Max(entities.Count, _nextInCell.Length * 2));
        }

        Array.Fill(_firstInCell, None);
        for (int slot = 0; slot < entities.Count; slot++)
        {
            Vector2 position = entities[slot].Position;
            int cell = (CellOf(position.Y) * _cellsPerSide) + CellOf(position.X);
            _nextInCell[slot] = _firstInCell[cell];
            _firstInCell[cell] = slot;
        }
    }

    /// <summary>Collects the nearest entities around a viewer, nearest first, without the viewer.</summary>
    /// <param name="entities">The list that the grid was built from, unchanged.</param>
    /// <param name="viewer">One of them.</param>
    /// <param name="radius">At most the radius that the grid was created for.</param>
    /// <param name="near">Receives at most <see cref="ArenaRules.MaxNearby"/> entities; cleared first.</param>
    public void FindNear(List<Entity> entities, Entity viewer, float radius, List<NearbyEntity> near)
    {
        near.Clear();
        Span<float> distances = stackalloc float[ArenaRules.MaxNearby];
        int column = CellOf(viewer.Position.X);
        int row = CellOf(viewer.Position.Y);
        for (int y = Math.Max(0, row - 1); y <= Math.Min(_cellsPerSide - 1, row + 1); y++)
        {
            for (int x = Math.Max(0, column - 1); x <= Math.Min(_cellsPerSide - 1, column + 1); x++)
            {
                for (int slot = _firstInCell[(y * _cellsPerSide) + x]; slot != None; slot = _nextInCell[slot])
                {
                    Entity other = entities[slot];
                    float distance = Vector2.DistanceSquared(viewer.Position, other.Position);
                    if (distance <= radius * radius && other != viewer)
                    {
                        Insert(near, distances, other, distance);
                    }
                }
            }
        }
    }

    // Inserts into a short sorted list. With sixteen items this is cheaper than a heap. Ties are decided by id, so the result does not depend on the order
    // in the cells.
    private static void Insert(List<NearbyEntity> near, Span<float> distances, Entity entity, float distance)
    {
        int place = near.Count;
        while (place > 0 && (distance < distances[place - 1] || (distance == distances[place - 1] && entity.Id < near[place - 1].Id)))
        {
            place--;
        }

        if (place == ArenaRules.MaxNearby)
        {
            return;
        }

        if (near.Count == ArenaRules.MaxNearby)
        {
            near.RemoveAt(ArenaRules.MaxNearby - 1);
        }

        distances[place..near.Count].CopyTo(distances[(place + 1)..]);
        distances[place] = distance;
        near.Insert(place, new NearbyEntity(entity.Id, entity.Position.X, entity.Position.Y));
    }

    private int CellOf(float coordinate) => Math.Clamp((int)(coordinate / _cellSize), 0, _cellsPerSide - 1);
}
