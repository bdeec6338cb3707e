using NetLoop.Buffers;
using NetLoop.Sending;

namespace NetLoop.Transports;

/// <summary>
/// Sequenced bodies that wait until the peer has read what is queued before them: one for each key, so that a peer which is behind gets the newest state
/// instead of every state.
/// </summary>
/// <remarks>Thread: loop. Bounded in number and bytes. The bodies keep the order in which their keys were first held.</remarks>
internal sealed class LatestBodies(BufferPool pool)
{
    /// <summary>Maximum number of keys.</summary>
    public const int MaxBodies = 256;

    /// <summary>Maximum number of bytes of all bodies.</summary>
    public const int MaxBytes = 256 * 1024;

    private readonly Dictionary<(ushort MessageType, long Key), int> _indexes = [];
    private readonly List<Held> _bodies = [];

    public int Count => _bodies.Count;

    /// <summary>Bytes of the bodies.</summary>
    public int Bytes { get; private set; }

    /// <summary>Holds a body, in place of the one with the same key.</summary>
    /// <returns>False when there is no room for it; the body with the same key is gone all the same, because it is out of date.</returns>
    public bool TryHold(ReadOnlySpan<byte> body, SendMode mode)
    {
        bool isKnown = _indexes.TryGetValue(mode.ConflationKey, out int index);
        Held held = isKnown ? _bodies[index] : new Held(default, 0, mode);
        int others = Bytes - held.Length;
        if (others + body.Length > MaxBytes || (!isKnown && _bodies.Count == MaxBodies))
        {
            Empty(isKnown, index);
            return false;
        }

        Lease memory = held.Memory;
        if (memory.IsEmpty || memory.Length < body.Length)
        {
            if (!pool.TryRent(body.Length, nameof(LatestBodies), out memory))
            {
                Empty(isKnown, index);
                return false;
            }

            if (!held.Memory.IsEmpty)
            {
                held.Memory.Return();
            }
        }

        body.CopyTo(memory.Span);
        held = new Held(memory, body.Length, mode);
        Bytes = others + body.Length;
        if (isKnown)
        {
            _bodies[index] = held;
        }
        else
        {
            _indexes.Add(mode.ConflationKey, _bodies.Count);
            _bodies.Add(held);
        }

        return true;
    }

    /// <summary>Gives the bodies to a connection in order, and holds none any more.</summary>
    public void MoveTo(Connection connection)
    {
        foreach (Held held in _bodies)
        {
            if (held.Length > 0 && !connection.IsDead)
            {
                _ = connection.TryAppend(held.Memory.Span[..held.Length], held.Mode); // Without memory, this state is lost; a newer one follows.
            }
        }

        Clear();
    }

    /// <summary>Discards the bodies.</summary>
    public void Clear()
    {
        foreach (Held held in _bodies)
        {
            held.Memory.Return();
        }

        _bodies.Clear();
        _indexes.Clear();
        Bytes = 0;
    }

    private void Empty(bool isKnown, int index)
    {
        if (isKnown)
        {
            Bytes -= _bodies[index].Length;
            _bodies[index] = _bodies[index] with { Length = 0 };
        }
    }

    private readonly record struct Held(Lease Memory, int Length, SendMode Mode);
}
