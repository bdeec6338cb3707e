using NetLoop.Messaging;
using NUnit.Framework;

namespace NetLoop.Tests.Messaging;

[Parallelizable]
public sealed class EnvelopeBatchTests
{
    [Test]
    public void Add_UntilItIsFull_KeepsTheOrderAndCountsMessages()
    {
        var batch = new EnvelopeBatch();
        for (int use = 0; use < 2; use++)
        {
            Assert.That((batch.IsEmpty, batch.IsFull, batch.Messages, batch.Last), Is.EqualTo((true, false, 0, (Envelope?)null)));
            Several[] added = new Several[EnvelopeBatch.Capacity];
            for (int i = 0; i < added.Length; i++)
            {
                Assert.That(batch.IsFull, Is.False);
                added[i] = new Several(1);
                batch.Add(added[i]);
                Assert.That((batch.IsEmpty, batch.Messages, batch.Last), Is.EqualTo((false, i + 1, (Envelope?)added[i])));
            }

            Assert.That(batch.IsFull, Is.True);
            Assert.That(batch.Envelopes.ToArray(), Is.EqualTo(added).AsCollection);
            batch.Clear();
            Assert.That(batch.Envelopes.Length, Is.Zero);
        }
    }

    [Test]
    public void Extended_ByMessagesOfTheLast_FillsIt()
    {
        var batch = new EnvelopeBatch();
        batch.Add(new Several(3));
        batch.Extended(60);
        Assert.That((batch.Messages, batch.IsFull), Is.EqualTo((63, false)));
        batch.Extended(1);
        Assert.That((batch.Messages, batch.IsFull, batch.Envelopes.Length), Is.EqualTo((64, true, 1)));
    }

    [Test]
    public void Clear_Used_ForgetsItsEnvelopes()
    {
        var batch = new EnvelopeBatch();
        WeakReference[] added = [.. Enumerable.Range(0, 3).Select(_ => AddOne(batch))];
        batch.Clear();
        GC.Collect();
        Assert.That(added.Count(one => one.IsAlive), Is.Zero);
        GC.KeepAlive(batch);
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static WeakReference AddOne(EnvelopeBatch batch)
    {
        var envelope = new Several(1);
        batch.Add(envelope);
        return new WeakReference(envelope);
    }

    private sealed class Several : Envelope
    {
        public Several(int messages) => Messages = messages;

        public override void Deliver()
        {
        }

        public override void Discard()
        {
        }
    }
}
