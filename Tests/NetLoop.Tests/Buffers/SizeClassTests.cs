using NetLoop.Buffers;
using NUnit.Framework;

namespace NetLoop.Tests.Buffers;

public sealed class SizeClassTests
{
    [TestCase(1, 256)]
    [TestCase(255, 256)]
    [TestCase(256, 256)]
    [TestCase(257, 1 << 10)]
    [TestCase(1 << 10, 1 << 10)]
    [TestCase((1 << 10) + 1, 4 << 10)]
    [TestCase(16 << 10, 16 << 10)]
    [TestCase(64 << 10, 64 << 10)]
    [TestCase((64 << 10) + 1, 256 << 10)]
    [TestCase(1 << 20, 1 << 20)]
    [TestCase((1 << 20) + 1, 4 << 20)]
    [TestCase((4 << 20) + 1, SizeClass.LargestBlockBytes)]
    [TestCase(16 << 20, SizeClass.LargestBlockBytes)]
    [TestCase(SizeClass.LargestBlockBytes, SizeClass.LargestBlockBytes)]
    public void IndexFor_Bytes_IsSmallestClassThatHoldsThem(int bytes, int blockBytes)
    {
        var sizeClass = new SizeClass(SizeClass.IndexFor(bytes), BufferPoolOptions.DefaultSlabBytes);
        Assert.That(sizeClass.BlockBytes, Is.EqualTo(blockBytes));
    }

    [Test]
    public void First_SlabsInUseUnusedAndVacant_GivesThemInThatOrder()
    {
        SizeClass sizeClass = FourBlocksASlab();
        PoolSlab[] slabs = [.. Enumerable.Range(0, 4).Select(_ => NewSlab(sizeClass))];
        Assert.That(sizeClass.HasFreeBlock, Is.False);
        Array.ForEach(slabs, sizeClass.Add);
        Assert.That(sizeClass.HasFreeBlock, Is.True);
        sizeClass.Vacate(slabs[3]);
        sizeClass.Vacate(slabs[1]);
        PoolBlock[] blocks = [.. Enumerable.Range(0, 8).Select(_ => sizeClass.Take(sizeClass.First()))];
        Assert.That(blocks.Select(block => block.Slab).Distinct(), Is.EqualTo(new[] { slabs[0], slabs[2] }).AsCollection);
        Assert.That(slabs[0].IsFull && slabs[2].IsFull && sizeClass.HasFreeBlock, Is.True, "two are vacant");

        // One of the two is in use again, and is used before the vacant ones.
        Assert.That(sizeClass.PutBack(blocks[7]), Is.False);
        Assert.That(sizeClass.Take(sizeClass.First()), Is.SameAs(blocks[7]));
        PoolSlab vacant = sizeClass.First();
        Assert.That((vacant, vacant.IsVacant), Is.EqualTo((slabs[1], true)));
    }

    [Test]
    public void RemoveUnused_VacantAndOther_TakesVacantOnesFirstAndNoneInUse()
    {
        SizeClass sizeClass = FourBlocksASlab();
        PoolSlab[] slabs = [.. Enumerable.Range(0, 3).Select(_ => NewSlab(sizeClass))];
        Array.ForEach(slabs, sizeClass.Add);
        sizeClass.Take(sizeClass.First());
        sizeClass.Vacate(slabs[1]);
        Assert.That(sizeClass.RemoveUnused(), Is.SameAs(slabs[1]));
        Assert.That(sizeClass.RemoveUnused(), Is.SameAs(slabs[2]));
        Assert.That(sizeClass.RemoveUnused(), Is.Null);
        Assert.That(sizeClass.First(), Is.SameAs(slabs[0]));
    }

    /// <summary>Thousands of random steps, compared with a model: no slab is lost, partly used slabs are used first, and unused ones are known.</summary>
    [Test]
    public void Take_BlocksComeAndGoInAnyOrder_LosesNoSlab([Values(1, 2, 3)] int seed)
    {
        var random = new Random(seed);
        SizeClass sizeClass = FourBlocksASlab();
        List<PoolSlab> members = [];
        Stack<PoolSlab> removed = new(Enumerable.Range(0, 5).Select(_ => NewSlab(sizeClass)));
        List<PoolBlock> taken = [];
        for (int step = 0; step < 5_000; step++)
        {
            Assert.That(sizeClass.HasFreeBlock, Is.EqualTo(members.Any(slab => !slab.IsFull)), $"step {step}");
            switch (random.Next(8))
            {
                case 0 when removed.TryPop(out PoolSlab? unused):
                    unused.IsVacant = false;
                    sizeClass.Add(unused);
                    members.Add(unused);
                    break;

                case 1 when random.Next(4) == 0:
                    PoolSlab? any = sizeClass.RemoveUnused();
                    Assert.That(any is not null, Is.EqualTo(members.Any(slab => slab.IsUnused)), $"step {step}");
                    if (any is not null)
                    {
                        Assert.That(any.IsUnused && members.Remove(any), Is.True, $"step {step}");
                        Assert.That(any.IsVacant || !members.Any(slab => slab.IsVacant), Is.True, $"step {step}");
                        removed.Push(any);
                    }

                    break;

                case < 5 when sizeClass.HasFreeBlock:
                    PoolSlab first = sizeClass.First();
                    Assert.That(first.IsFull, Is.False, $"step {step}");
                    Assert.That(first.IsUnused && members.Any(slab => !slab.IsUnused && !slab.IsFull), Is.False, $"step {step}: one is in use");
                    Assert.That(first.IsVacant && members.Any(slab => !slab.IsVacant && !slab.IsFull), Is.False, $"step {step}: one has its pages");
                    first.IsVacant = false;
                    taken.Add(sizeClass.Take(first));
                    break;

                case > 3 when taken.Count > 0:
                    int index = random.Next(taken.Count);
                    PoolSlab slabOfIt = taken[index].Slab;
                    bool isUnused = sizeClass.PutBack(taken[index]);
                    taken.RemoveAt(index);
                    Assert.That(isUnused, Is.EqualTo(slabOfIt.IsUnused));
                    if (isUnused)
                    {
                        Assert.That(
                            sizeClass.HasUnusedBeside(slabOfIt),
                            Is.EqualTo(members.Any(slab => slab != slabOfIt && slab.IsUnused && !slab.IsVacant)),
                            $"step {step}");
                        EndUse(random.Next(3), slabOfIt);
                    }

                    break;
            }
        }

        void EndUse(int how, PoolSlab unused)
        {
            switch (how)
            {
                case 0:
                    sizeClass.Keep(unused);
                    break;

                case 1:
                    sizeClass.Vacate(unused);
                    break;

                default:
                    sizeClass.Remove(unused);
                    members.Remove(unused);
                    removed.Push(unused);
                    break;
            }
        }
    }

    private static SizeClass FourBlocksASlab() => new(SizeClass.IndexFor(16 << 10), sharedSlabBytes: 64 << 10);

    private static PoolSlab NewSlab(SizeClass sizeClass) => new(new BufferPool(new BufferPoolOptions()), sizeClass, new byte[sizeClass.SlabBytes]);
}
