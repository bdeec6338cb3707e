using NetLoop.Buffers;
using NetLoop.Messaging;
using NetLoop.Sending;

namespace NetLoop.Concurrency.Scenarios;

/// <summary>The handlers' thread sends in chunks while the loop carries them out.</summary>
internal static class HandlerSendsScenarios
{
    [Scenario]
    public static void Sends_OfSeveralRuns_ArriveInOrder() => new Sides().Run(runs: 2, bodies: 2, bytes: 10, writesBetween: false);

    [Scenario]
    public static void Sends_WithItemsBetweenThem_ArriveInOrder() => new Sides().Run(runs: 2, bodies: 4, bytes: 10, writesBetween: true);

    /// <summary>Each body fills a chunk, so all eight are in use before the loop has read one. A body without a free chunk is sent alone.</summary>
    [Scenario]
    public static void Sends_MoreThanTheChunksHold_ArriveInOrder() => new Sides().Run(runs: 2, bodies: 10, bytes: 12_000, writesBetween: false);

    /// <summary>A handler that blocks must not hold back what it sent before.</summary>
    [Scenario]
    public static void Sends_OfAHandlerThatBlocks_AreCarriedOutMeanwhile()
    {
        var sides = new Sides();
        var arrived = new Signal();
        sides.Arrived = arrived.Set;
        Expect.AllEnd(
            () => sides.DrainUntil(2),
            () =>
            {
                sides.Sends.Begin();
                for (int i = 0; i < 2; i++)
                {
                    sides.Send(i, 10, asItem: false);
                    sides.Sends.WakeLoop();
                    arrived.Wait();
                }

                sides.Sends.End();
            });
        sides.Check(2);
    }

    [Scenario]
    public static void Sends_LoopEndsMeanwhile_GiveEverythingBack()
    {
        var sides = new Sides();
        int taken = 0;
        Expect.AllEnd(
            () =>
            {
                sides.DrainUntil(1);
                sides.CommandQueue.Complete();
                sides.CommandQueue.Drain(int.MaxValue);
            },
            () =>
            {
                sides.Sends.Begin();
                for (int i = 0; i < 4 && sides.TrySend(i, 12_000); i++)
                {
                    taken++;
                    sides.Sends.WakeLoop();
                }

                sides.Sends.End();
            });
        sides.CommandQueue.Drain(int.MaxValue);
        sides.Check(taken);
    }

    private sealed class Sides : ICommandTarget, ISendTarget
    {
        private readonly Signal _wakes = new();
        private readonly BufferPool _pool = new(new BufferPoolOptions { Diagnostics = true, SlabBytes = 64 << 10, MaxBytes = 1 << 20 });
        private readonly byte[] _body = new byte[16 << 10];
        private int _received;

        public Sides()
        {
            CommandQueue = new CommandQueue(maxItems: 100, _wakes.Set);
            Sends = new HandlerSends(CommandQueue, _pool, _wakes.Set);
        }

        public CommandQueue CommandQueue { get; }

        public HandlerSends Sends { get; }

        public Action? Arrived { get; set; }

        public void Run(int runs, int bodies, int bytes, bool writesBetween)
        {
            Expect.AllEnd(
                () => DrainUntil(runs * bodies),
                () =>
                {
                    int next = 0;
                    for (int run = 0; run < runs; run++)
                    {
                        Sends.Begin();
                        for (int i = 0; i < bodies; i++, next++)
                        {
                            Send(next, bytes, asItem: writesBetween && i == 2);
                            if (writesBetween && i == 0)
                            {
                                Sends.WakeLoop(); // So that the loop reads the chunk while it is open.
                            }
                        }

                        Sends.End();
                    }
                });
            Check(runs * bodies);
        }

        public void DrainUntil(int total)
        {
            while (_received < total)
            {
                _wakes.Wait();
                while (CommandQueue.HasItems)
                {
                    CommandQueue.Drain(int.MaxValue);
                }
            }
        }

        /// <summary>The same call that a session makes.</summary>
        public void Send(int number, int bytes, bool asItem)
        {
            if (asItem || !TrySend(number, bytes))
            {
                Expect.That(_pool.TryRent(bytes, "item", out Lease lease), "no memory");
                lease.Span[0] = (byte)number;
                Expect.That(CommandQueue.Write(new LoopCommand(this) { OwnedBody = lease, BodyBytes = bytes }), "not taken");
            }
        }

        public bool TrySend(int number, int bytes)
        {
            _body[0] = (byte)number;
            var body = new EncodedBody(_body.AsSpan(0, bytes));
            return Sends.TrySend(this, in body, bytes, out _);
        }

        public void Check(int total)
        {
            CommandQueue.Drain(int.MaxValue); // The last chunk, if it was closed after the loop had read it.
            Expect.That(_received == total, $"{_received} of {total} bodies came");
            Expect.That(_pool.Statistics.RentedLeases == 0, $"{_pool.Statistics.RentedLeases} leases are out");
        }

        void ISendTarget.SendEncoded(ReadOnlySpan<byte> body, SendMode mode)
        {
            Expect.That(body[0] == (byte)_received, $"body {body[0]} came instead of {_received}");
            _received++;
            Arrived?.Invoke();
        }

        void ICommandTarget.OnCommand(in LoopCommand item)
        {
            ((ISendTarget)this).SendEncoded(item.Body, item.Mode);
            item.OwnedBody.Return();
        }
    }
}
