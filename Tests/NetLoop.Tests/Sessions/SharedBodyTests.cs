using Microsoft.Extensions.ObjectPool;
using NUnit.Framework;
using NetLoop.Buffers;
using NetLoop.Sessions.Groups;

namespace NetLoop.Tests.Sessions;

public sealed class SharedBodyTests
{
    private readonly BufferPool _memory = new(new BufferPoolOptions { Diagnostics = true });

    [Test]
    public void Release_ByEachHolder_ReturnsTheMemoryWithTheLast()
    {
        DefaultObjectPool<SharedBody> pool = CreatePool();
        SharedBody? before = null;
        for (int holders = 1; holders < 4; holders++)
        {
            SharedBody body = pool.Get();
            Assert.That(body, Is.SameAs(before ?? body), "it went back to its pool");
            before = body;
            _memory.TryRent(100, "test", out Lease lease);
            lease.Span.Fill((byte)holders);
            body.Hold(lease, length: 40, holders, except: null);
            for (int i = 0; i < holders; i++)
            {
                Assert.That(body.Bytes.Length, Is.EqualTo(40));
                Assert.That(body.Bytes.IndexOfAnyExcept((byte)holders), Is.Negative);
                Assert.That(_memory.Statistics.RentedLeases, Is.EqualTo(1));
                body.Release();
            }

            Assert.That(_memory.Statistics.RentedLeases, Is.Zero);
        }
    }

    [Test]
    public void Release_OncePerHolder_GivesTheBodyBackOnce()
    {
        DefaultObjectPool<SharedBody> pool = CreatePool();
        SharedBody body = pool.Get();
        _memory.TryRent(10, "test", out Lease lease);
        body.Hold(lease, 10, holders: 2, except: null);
        body.Release();
        Assert.That(pool.Get(), Is.Not.SameAs(body), "given back while somebody holds it");
        body.Release();
        Assert.That(new[] { pool.Get(), pool.Get() }.Count(one => one == body), Is.EqualTo(1));
    }

    private static DefaultObjectPool<SharedBody> CreatePool()
    {
        var policy = new SharedBody.Policy();
        var pool = new DefaultObjectPool<SharedBody>(policy, 4);
        policy.Pool = pool;
        return pool;
    }
}
