using NetLoop.Buffers;
using NetLoop.Transports.Streams;
using NUnit.Framework;

namespace NetLoop.Tests.Transports.Streams;

[Parallelizable]
public sealed class SendBlockTests
{
    private const int Small = 10;

    private readonly BufferPool _pool = new();

    [Test]
    public void Add_FrameThatFillsTheBlock_LeavesNoRoom()
    {
        SendBlock block = Rent();
        int free = block.FreeBytes;
        Assert.That(free, Is.EqualTo(block.Length - SendBlock.NoteBytes));
        block.Add(free);
        Assert.That((block.FreeBytes, block.End, block.Bodies, block.EndOf(0)), Is.EqualTo((0, free, 1, free)));
        block.Return();
    }

    [Test]
    public void Add_OneByteMoreThanIsFree_IsABug()
    {
        SendBlock block = Rent();
        Assert.That(() => block.Add(block.FreeBytes + 1), Throws.TypeOf<InvariantViolationException>());
        Assert.That(() => block.Add(0), Throws.TypeOf<InvariantViolationException>());
        block.Return();
    }

    [Test]
    public void Add_SmallFramesUntilItIsFull_KnowsWhereEachEnds()
    {
        SendBlock block = Rent();
        int frames = 0;
        while (block.FreeBytes >= Small)
        {
            block.Add(Small);
            frames++;
        }

        Assert.That(frames, Is.EqualTo(block.Length / (Small + SendBlock.NoteBytes)));
        Assert.That(Enumerable.Range(0, frames).Select(frame => block.EndOf(frame)), Is.EqualTo(Enumerable.Range(1, frames).Select(frame => frame * Small)));
        Assert.That(block.Frames.Length, Is.EqualTo(frames * Small));
        block.Return();
    }

    private SendBlock Rent()
    {
        Assert.That(_pool.TryRent(256, "test", out Lease lease), Is.True);
        return new SendBlock(lease);
    }
}
