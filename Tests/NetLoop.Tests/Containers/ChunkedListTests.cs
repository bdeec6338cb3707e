using System.Runtime.CompilerServices;
using NetLoop.Containers;
using NUnit.Framework;

namespace NetLoop.Tests.Containers;

public sealed class ChunkedListTests
{
    private ChunkedList<long> _list = null!;

    [SetUp]
    public void MakeList() => _list = new ChunkedList<long>();

    [Test]
    public void Add_PastManyChunks_KeepsEveryElementInItsPlace()
    {
        ref long first = ref AddAndRefer(0);
        for (int i = 1; i < 1_000; i++)
        {
            _list.Add(i);
        }

        first = -1;
        Assert.That(_list, Is.EqualTo(new long[] { -1 }.Concat(Enumerable.Range(1, 999).Select(i => (long)i))), "the first is still where it was");
        Assert.That(_list.Count, Is.EqualTo(1_000));
    }

    [Test]
    public void RemoveLast_ElementIsAnObject_LetsItGo()
    {
        var list = new ChunkedList<object>();
        WeakReference element = AddAndRemove(list);
        GC.Collect();
        Assert.That(element.IsAlive, Is.False);
        GC.KeepAlive(list);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static WeakReference AddAndRemove(ChunkedList<object> list)
        {
            var element = new object();
            list.Add(element);
            list.RemoveLast();
            return new WeakReference(element);
        }
    }

    [Test]
    public void RemoveLast_ThenAdd_UsesTheSameRoom()
    {
        Fill(200);
        long before = GC.GetAllocatedBytesForCurrentThread();
        while (_list.Count > 0)
        {
            _list.RemoveLast();
        }

        Fill(200);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void Indexer_BeyondItsRoom_Throws() => Assert.That(() => _list[64], Throws.TypeOf<IndexOutOfRangeException>());

    [Test]
    public void Walk_ListGrowsMeanwhile_GoesThroughThoseOfTheBeginning()
    {
        Fill(3);
        int seen = 0;
        foreach (long _ in _list)
        {
            Fill(100);
            seen++;
        }

        Assert.That(seen, Is.EqualTo(3));
    }

    private ref long AddAndRefer(long element)
    {
        _list.Add(element);
        return ref _list[0];
    }

    private void Fill(int count)
    {
        for (int i = 0; i < count; i++)
        {
            _list.Add(i);
        }
    }
}
