using NetLoop.Buffers;
using NetLoop.Transports.Datagrams.Reliability;
using NUnit.Framework;
using static NetLoop.Tests.Transports.Datagrams.Reliability.LossyWire;

namespace NetLoop.Tests.Transports.Datagrams.Reliability;

/// <summary>Several links whose packets share one wire, with a queue in front of it that drops what does not fit: how they divide it.</summary>
[Parallelizable]
public sealed class SharedWireTests
{
    [TestCase(125_000, 20, 0)]
    [TestCase(1_000_000, 20, 0)]
    [TestCase(1_000_000, 20, 10)]
    [TestCase(2_000_000, 60, 10)]
    public void TwoLinks_OnOneWire_ShareItWithin60To40(int bytesPerSecond, int latency, int secondStartsAfter)
    {
        using var wire = new SharedWire(links: 2, bytesPerSecond, latency * Millisecond, maxQueue: 100 * Millisecond);
        wire.Run(secondStartsAfter * Second, link => link == 0);
        wire.Run(30 * Second, _ => true);
        long[] before = [.. wire.Received];
        wire.Run(60 * Second, _ => true);
        double first = wire.Received[0] - before[0];
        double second = wire.Received[1] - before[1];
        Assert.That(first / (first + second), Is.InRange(0.4, 0.6));
        Assert.That(first + second, Is.GreaterThan(0.8 * 60 * bytesPerSecond), "and they use it");
    }

    private sealed class SharedWire : IDisposable
    {
        private readonly BufferPool _pool = new(new BufferPoolOptions { Diagnostics = true });
        private readonly PriorityQueue<(int Link, bool IsForward, byte[] Packet), (long At, long Order)> _packets = new();
        private readonly byte[] _buffer = new byte[2_048];
        private readonly byte[] _body = new byte[5_000];
        private readonly Receiver[] _receivers;
        private readonly ReliableLink[] _senders;
        private readonly double _bytesPerSecond;
        private readonly long _latency;
        private readonly long _maxQueue;
        private long _now = Second;
        private long _freeAt;
        private long _order;

        public SharedWire(int links, double bytesPerSecond, long latency, long maxQueue)
        {
            _bytesPerSecond = bytesPerSecond;
            _latency = latency;
            _maxQueue = maxQueue;
            Received = new long[links];
            var options = new LinkOptions { MaxHeldBytes = 4 << 20 };
            _senders = [.. Enumerable.Range(0, links).Select(_ => new ReliableLink(_pool, options))];
            _receivers = [.. Enumerable.Range(0, links).Select(link => new Receiver(new ReliableLink(_pool, options), bytes => Received[link] += bytes))];
        }

        /// <summary>Bytes of bodies that each link has delivered.</summary>
        public long[] Received { get; }

        public void Run(long time, Func<int, bool> sends)
        {
            long end = _now + time;
            while (_now < end)
            {
                long next = end;
                for (int link = 0; link < _senders.Length; link++)
                {
                    while (sends(link) && _senders[link].QueuedBytes < 1_000_000)
                    {
                        _senders[link].TryQueue(Delivery.ReliableOrdered, 0, _body);
                    }

                    next = Math.Min(next, Write(link, _senders[link], isForward: true));
                    next = Math.Min(next, Write(link, _receivers[link].Link, isForward: false));
                }

                if (_packets.TryPeek(out _, out (long At, long Order) first))
                {
                    next = Math.Min(next, Math.Max(first.At, _now));
                }

                _now = next;
                while (_packets.TryPeek(out (int Link, bool IsForward, byte[] Packet) packet, out (long At, long Order) when) && when.At <= _now)
                {
                    _packets.Dequeue();
                    Receiver receiver = _receivers[packet.Link];
                    ReliableLink to = packet.IsForward ? receiver.Link : _senders[packet.Link];
                    Assert.That(to.OnPacket(packet.Packet, _now, receiver), Is.EqualTo(PacketResult.Ok));
                }
            }
        }

        public void Dispose()
        {
            foreach (ReliableLink link in _senders.Concat(_receivers.Select(static receiver => receiver.Link)))
            {
                link.Clear();
            }
        }

        private long Write(int index, ReliableLink link, bool isForward)
        {
            int length;
            while ((length = link.WritePacket(_buffer, _now)) > 0)
            {
                long at = _now;
                if (isForward)
                {
                    long begins = Math.Max(_now, _freeAt);
                    if (begins - _now > _maxQueue)
                    {
                        continue;
                    }

                    _freeAt = begins + (long)(length / _bytesPerSecond * Second);
                    at = _freeAt;
                }

                _packets.Enqueue((index, isForward, _buffer[..length]), (at + _latency, _order++));
            }

            return Math.Max(link.NextDue(_now), _now + 1);
        }

        private sealed class Receiver(ReliableLink link, Action<int> onBytes) : ILinkSink
        {
            public ReliableLink Link => link;

            public bool OnBody(ReadOnlySpan<byte> body, int channel, Delivery delivery)
            {
                onBytes(body.Length);
                return true;
            }
        }
    }
}
