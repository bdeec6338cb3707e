using NetLoop.Buffers;
using NetLoop.Messaging;
using NetLoop.Sending;

namespace NetLoop.Concurrency.Scenarios;

/// <summary>One chunk, written and read at the same time; threads may switch at any access to a field.</summary>
internal static class SendChunkScenarios
{
    [Scenario(InterleavesFields = true)]
    public static void Chunk_ReadWhileItIsWritten_GivesEachBodyOnce()
    {
        var pool = new BufferPool(new BufferPoolOptions { Diagnostics = true, SlabBytes = 64 << 10, MaxBytes = 1 << 20 });
        var target = new Target();
        var chunk = new SendChunk();
        var progress = new Signal();
        for (int use = 0; use < 2; use++)
        {
            target.Received = 0;
            pool.TryRent(SendChunk.Bytes, "test", out Lease memory);
            chunk.Open(memory);
            Expect.AllEnd(
                () =>
                {
                    for (byte i = 0; i < 2; i++)
                    {
                        chunk.Room[..(i + 1)].Fill(i);
                        chunk.Add(target, i + 1);
                        progress.Set();
                    }

                    chunk.Close();
                    progress.Set();
                },
                () =>
                {
                    while (!chunk.CarryOut(out _))
                    {
                        progress.Wait();
                    }
                });
            Expect.That(target.Received == 2 && chunk.IsFree && !chunk.HasBodies, $"{target.Received} of 2 bodies came");
        }

        Expect.That(pool.Statistics.RentedLeases == 0, "the memory was not given back");
    }

    private sealed class Target : ISendTarget
    {
        public int Received { get; set; }

        public void SendEncoded(ReadOnlySpan<byte> body, SendMode mode)
        {
            Expect.That(body.Length == Received + 1 && body[^1] == Received, "another body");
            Received++;
        }
    }
}
