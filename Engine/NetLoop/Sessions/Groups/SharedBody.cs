using Microsoft.Extensions.ObjectPool;
using NetLoop.Buffers;
using NetLoop.Sending;

namespace NetLoop.Sessions.Groups;

/// <summary>One encoded body that several loops send; the last release returns the memory.</summary>
/// <remarks>Thread: any. Pooled.</remarks>
internal sealed class SharedBody(ObjectPool<SharedBody> pool)
{
    private Lease _body;
    private int _length;
    private int _holders;

    /// <summary>A session or an array of sessions that do not get the body; null for none.</summary>
    public object? Except { get; private set; }

    /// <summary>How the body is sent.</summary>
    public SendMode Mode { get; private set; }

    /// <summary>Valid until the holder's <see cref="Release"/>.</summary>
    public ReadOnlySpan<byte> Bytes => _body.Span[.._length];

    /// <summary>Sets the body for a number of holders, each of which calls <see cref="Release"/>.</summary>
    public void Hold(Lease ownedBody, int length, int holders, object? except, SendMode mode = default)
    {
        Except = except;
        Mode = mode;
        _body = ownedBody;
        _length = length;
        Volatile.Write(ref _holders, holders);
    }

    /// <summary>Called once by each holder.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            _body.Return();
            _body = default;
            Except = null;
            pool.Return(this);
        }
    }

    /// <summary>Creates bodies that know their pool.</summary>
    public sealed class Policy : PooledObjectPolicy<SharedBody>
    {
        /// <summary>Set once, after the pool is created.</summary>
        public ObjectPool<SharedBody> Pool { get; set; } = null!;

        public override SharedBody Create() => new(Pool);

        public override bool Return(SharedBody obj) => true;
    }
}
