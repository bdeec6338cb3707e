using System.Runtime.CompilerServices;
using NetLoop.Buffers;
using NetLoop.Messaging;
using NUnit.Framework;

namespace NetLoop.Tests.Messaging;

public sealed class BodyWriterTests
{
    private BufferPool _pool = null!;
    private BodyWriter _writer = null!;

    [SetUp]
    public void Create()
    {
        _pool = new BufferPool(new BufferPoolOptions { SlabBytes = 64 * 1024, MaxBytes = 1 << 20 });
        _writer = new BodyWriter(_pool);
    }

    [TearDown]
    public void NothingIsLeft() => Assert.That(_pool.Statistics.RentedLeases, Is.Zero);

    [TestCase(1)]
    [TestCase(250)]
    [TestCase(256)]
    [TestCase(257)]
    [TestCase(5_000)]
    public void Encode_Body_IsAtTheFrontOfItsLease(int bytes)
    {
        for (int time = 0; time < 2; time++)
        {
            Assert.That(_writer.Encode(new Bytes(bytes), 10_000, out Lease lease, out int length), Is.EqualTo(SendStatus.Sent));
            Assert.That(lease.Span[..length].ToArray(), Is.EqualTo(Bytes.Expected(bytes)), $"time {time}");
            lease.Return();
        }
    }

    [TestCase(100)]
    [TestCase(300)]
    [TestCase(5_000)]
    public void Encode_AtItsLimit_FitsAndNotAByteMore(int bytes)
    {
        int encoded = Bytes.Expected(bytes).Length;
        Assert.That(_writer.Encode(new Bytes(bytes), encoded - 1, out Lease refused, out int none), Is.EqualTo(SendStatus.TooLarge));
        Assert.That((refused.IsEmpty, none), Is.EqualTo((true, 0)));
        Assert.That(_writer.Encode(new Bytes(bytes), encoded, out Lease lease, out int length), Is.EqualTo(SendStatus.Sent));
        Assert.That(length, Is.EqualTo(encoded));
        lease.Return();
    }

    [Test]
    public void Encode_PoolIsExhausted_OverflowsAndSendsLater()
    {
        // Two of the small blocks, so that their slab is never unused and cut anew.
        Assert.That(_pool.TryRent(256, nameof(BodyWriterTests), out Lease first) & _pool.TryRent(256, nameof(BodyWriterTests), out Lease second), Is.True);
        List<Lease> leases = TakeAll(256);
        Assert.That(_writer.Encode(new Bytes(10), 10_000, out Lease none, out _), Is.EqualTo(SendStatus.Overflow));
        Assert.That(none.IsEmpty, Is.True);

        // Room for the first block, and no room to grow.
        first.Return();
        Assert.That(_writer.Encode(new Bytes(5_000), 10_000, out none, out _), Is.EqualTo(SendStatus.Overflow));
        Assert.That(none.IsEmpty, Is.True);
        second.Return();
        leases.ForEach(lease => lease.Return());
        Assert.That(_writer.Encode(new Bytes(5_000), 10_000, out Lease sent, out _), Is.EqualTo(SendStatus.Sent));
        sent.Return();
    }

    [Test]
    public void Encode_AfterThePoolWasExhausted_SaysTooLargeOfWhatIsTooLarge()
    {
        Assert.That(_pool.TryRent(256, nameof(BodyWriterTests), out Lease first) & _pool.TryRent(256, nameof(BodyWriterTests), out Lease second), Is.True);
        List<Lease> leases = TakeAll(256);
        first.Return();
        for (int time = 0; time < 2; time++)
        {
            Assert.That(_writer.Encode(new Bytes(5_000), 10_000, out _, out _), Is.EqualTo(SendStatus.Overflow));
            Assert.That(_writer.Encode(new Bytes(5_000), 1_000, out _, out _), Is.EqualTo(SendStatus.TooLarge));
            Assert.That(_writer.Encode(new Bytes(200), 199, out _, out _), Is.EqualTo(SendStatus.TooLarge));
        }

        second.Return();
        leases.ForEach(lease => lease.Return());
    }

    [Test]
    public void Encode_MoreThanThePoolCanEverGive_IsTooLarge() =>
        Assert.That(_writer.Encode(new Bytes(2_000_000), 10_000_000, out _, out _), Is.EqualTo(SendStatus.TooLarge));

    [Test]
    public void Encode_PartThatCannotBeWrittenAgain_IsKeptUntilThereIsMemory()
    {
        Assert.That(_pool.TryRent(256, nameof(BodyWriterTests), out Lease first) & _pool.TryRent(256, nameof(BodyWriterTests), out Lease second), Is.True);
        List<Lease> leases = TakeAll(256);
        first.Return();
        var body = new Bytes(5_000) { Written = new StrongBox<int>() };
        for (int time = 0; time < 2; time++)
        {
            Assert.That(_writer.Encode(body, 10_000, out Lease none, out int nothing), Is.EqualTo(SendStatus.Overflow));
            Assert.That((none.IsEmpty, nothing), Is.EqualTo((true, 0)));
            Assert.That(_writer.Encode(body, 5_000, out none, out nothing), Is.EqualTo(SendStatus.TooLarge));
            Assert.That((none.IsEmpty, nothing), Is.EqualTo((true, 0)));
        }

        second.Return();
        leases.ForEach(lease => lease.Return());
        Assert.That(_writer.Encode(body, 5_003, out Lease sent, out int length), Is.EqualTo(SendStatus.Sent));
        Assert.That(sent.Span[..length].ToArray(), Is.EqualTo(Bytes.Expected(5_000)));
        Assert.That(body.Written.Value, Is.EqualTo(1), "it cannot be written again");
        sent.Return();

        _writer.Forget();
        Assert.That(_writer.Encode(new Bytes(3), 10_000, out Lease next, out length), Is.EqualTo(SendStatus.Sent));
        Assert.That(next.Span[..length].ToArray(), Is.EqualTo(Bytes.Expected(3)));
        next.Return();
    }

    [Test]
    public void Encode_KeptPartIsMoreThanThePoolCanEverGive_IsTooLarge()
    {
        var body = new Bytes(2_000_000) { Written = new StrongBox<int>() };
        Assert.That(_writer.Encode(body, 10_000_000, out _, out _), Is.EqualTo(SendStatus.TooLarge));
        _writer.Forget();
        Assert.That(_writer.Encode(body, 1_000, out _, out _), Is.EqualTo(SendStatus.TooLarge));
    }

    [Test]
    public void Encode_WriteThrows_GivesTheLeaseBackAndWorksAgain()
    {
        Assert.Throws<InvalidOperationException>(() => _writer.Encode(new Bytes(-1), 10_000, out _, out _));
        Assert.That(_pool.Statistics.RentedLeases, Is.Zero);
        Assert.That(_writer.Encode(new Bytes(1), 10_000, out Lease lease, out _), Is.EqualTo(SendStatus.Sent));
        lease.Return();
    }

    private List<Lease> TakeAll(int smallest)
    {
        List<Lease> leases = [];
        for (int size = 256 * 1024; size >= smallest; size /= 4)
        {
            while (_pool.TryRent(size, nameof(BodyWriterTests), out Lease lease))
            {
                leases.Add(lease);
            }
        }

        return leases;
    }

    private readonly struct Bytes(int count) : IBody
    {
        /// <summary>How often the value was written if it may be written only once; null for others.</summary>
        public StrongBox<int>? Written { get; init; }

        public static byte[] Expected(int count)
        {
            var buffer = new System.Buffers.ArrayBufferWriter<byte>();
            var writer = new global::MessagePack.MessagePackWriter(buffer);
            writer.Write(Content(count));
            writer.Flush();
            return buffer.WrittenSpan.ToArray();
        }

        public void Write(ref NetWriter writer)
        {
            if (count < 0)
            {
                throw new InvalidOperationException("a property throws");
            }

            if (Written is not null)
            {
                Written.Value++;
                writer.TryKeep();
            }

            writer.WriteBinary(Content(count));
        }

        private static byte[] Content(int count) => [.. Enumerable.Range(0, count).Select(i => (byte)i)];
    }
}
