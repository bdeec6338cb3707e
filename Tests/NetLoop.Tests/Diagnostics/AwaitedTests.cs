using NetLoop.Diagnostics;
using NUnit.Framework;

namespace NetLoop.Tests.Diagnostics;

public sealed class AwaitedTests
{
    [Test]
    public void Complete_NothingThrows_CallsWithTheState()
    {
        int seen = 0;
        Awaited.Complete(7, state => seen = state);
        Assert.That(seen, Is.EqualTo(7));
    }

    [Test]
    public void Complete_ContextOfTheApplicationThrows_IsKept() =>
        Assert.DoesNotThrow(() => Awaited.Complete(0, _ => throw new InvalidOperationException("the application's")));

    [Test]
    public void Complete_PoolHasNoThread_IsKeptAndThePoolMayHaveOneMore()
    {
        ThreadPool.GetMinThreads(out int workers, out int ports);
        try
        {
#pragma warning disable CA2201 // It is what the pool throws.
            Assert.DoesNotThrow(() => Awaited.Complete(0, _ => throw new OutOfMemoryException("no thread")));
#pragma warning restore CA2201
            ThreadPool.GetMinThreads(out int after, out int portsAfter);
            Assert.That((after, portsAfter), Is.EqualTo((workers + 1, ports)));
        }
        finally
        {
            ThreadPool.SetMinThreads(workers, ports);
        }
    }

    [Test]
    public void Complete_InvariantIsBroken_GoesOn() =>
        Assert.Throws<InvariantViolationException>(() => Awaited.Complete(0, _ => Invariant.Fail("broken")));

    [Test]
    public void EnsureRuns_PoolRuns_IsTrueAndChangesNothing()
    {
        ThreadPool.GetMinThreads(out int workers, out int ports);
        Assert.That(ThreadPoolRescue.EnsureRuns(), Is.True);
        ThreadPool.GetMinThreads(out int after, out int portsAfter);
        ThreadPool.SetMinThreads(workers, ports);
        Assert.That(portsAfter, Is.EqualTo(ports));
        Assert.That(after, Is.GreaterThanOrEqualTo(workers));
    }
}
