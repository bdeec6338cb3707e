using System.Buffers;
using System.Collections;
using NetLoop.Tests.Hosting;
using NetLoop.Tests.Sessions;
using NUnit.Framework;

namespace NetLoop.Tests.MessagePack;

/// <summary>What a receiver would reject or misread is found when it is sent, and nothing is sent.</summary>
public sealed class SenderTests : ServerFixture
{
    private static readonly (string Member, Action<Promises> Break)[] Broken =
    [
        ("Text", value => value.Text = null!),
        ("Data", value => value.Data = null!),
        ("Texts", value => value.Texts = null!),
        ("Texts", value => value.Texts = ["a", null!]),
        ("Nested", value => value.Nested["a"] = null!),
        ("Nested", value => value.Nested["a"] = [null!]),
        ("Hero", value => value.Hero = null!),
        ("Heroes", value => value.Heroes = [new(), null!]),
        ("Pair", value => value.Pair = (null!, 1)),
        ("Numbers", value => value.Numbers = null!),
        ("Map", value => value.Map = null!),
        ("Link", value => value.Link = null!),
    ];

    [Test]
    public void Serialize_NullThatTheTypesRuleOut_NamesTheMember([Range(0, 11)] int number)
    {
        Promises value = new();
        Assert.That(NetMessagePack.TryDeserialize(NetMessagePack.Serialize(value), out Promises? _), Is.True);
        Broken[number].Break(value);
        NullMemberException? thrown = Assert.Throws<NullMemberException>(() => NetMessagePack.Serialize(value));
        Assert.That(thrown!.Member, Is.EqualTo("NetLoop.Tests.MessagePack.Promises." + Broken[number].Member));
        Assert.That(thrown.Message, Does.Contain(thrown.Member));
        ArrayBufferWriter<byte> output = new();
        Assert.Throws<NullMemberException>(() => NetMessagePack.Serialize(output, value));
        Assert.That(output.WrittenCount, Is.Zero);
    }

    [Test]
    public void Serialize_NullInsideOfAnotherContract_NamesThatOne()
    {
        Promises value = new() { Heroes = [new() { Buffs = [null!] }] };
        NullMemberException? thrown = Assert.Throws<NullMemberException>(() => NetMessagePack.Serialize(value));
        Assert.That(thrown!.Member, Is.EqualTo("NetLoop.Tests.MessagePack.Hero.Buffs"));
    }

    [Test]
    public void Serialize_Null_IsAMistakeOfTheCaller()
    {
        Assert.That(() => NetMessagePack.Serialize<Promises>(null!), Throws.ArgumentNullException);
        Assert.That(() => NetMessagePack.Serialize<Promises>(new ArrayBufferWriter<byte>(), null!), Throws.ArgumentNullException);
    }

    // The first 512 bytes fit on the stack, 64 KiB fit into a frame.
    [Test]
    public void Serialize_SequenceThatCanBeReadOnce_IsWrittenWhole([Values(0, 100, 600, 20_000)] int count)
    {
        byte[] expected = NetMessagePack.Serialize(new Stream { Numbers = Enumerable.Range(0, count).ToArray(), Text = "end" });
        Assert.That(NetMessagePack.Serialize(new Stream { Numbers = Once(count), Text = "end" }), Is.EqualTo(expected));
        ArrayBufferWriter<byte> output = new();
        NetMessagePack.Serialize(output, new Stream { Numbers = Once(count), Text = "end" });
        Assert.That(output.WrittenSpan.ToArray(), Is.EqualTo(expected));
    }

    // Into the send queue, into chunks from the handlers' thread, into leases from other threads and for broadcasts; each has memory that ends somewhere.
    [Test]
    public void Send_SequencesThatCanBeReadOnce_ArriveWhole([Values] HandlerMode mode, [Values(10, 300, 9_000)] int count)
    {
        const int Messages = 40;
        Start(
            listen => listen.MaxSendQueueBytes = 64 * 1_024 * 1_024,
            o => o.HandlerMode = mode,
            server => server.On<Say>((session, in say) =>
            {
                for (int i = 0; i < Messages; i++)
                {
                    session.Send(new Stream { Numbers = Once(count), Text = "end" });
                }

                server.Broadcast(new Stream { Numbers = Once(count), Text = "end" });
                Task.Run(() => session.Send(new Stream { Numbers = Once(count), Text = "last" })).Wait(TestHost.Patience);
            }));
        using RawClient client = RawClient.Open(Server);
        client.Send(Wire.Frame(Wire.Message, 72, Wire.Array("x")));
        for (int i = 0; i < Messages + 2; i++)
        {
            var payload = (object?[])client.Read()[2]!;
            Assert.That(((object?[])payload[0]!).Length, Is.EqualTo(count));
            Assert.That(payload[1], Is.EqualTo(i <= Messages ? "end" : "last"));
        }
    }

    [Test]
    public void Send_NullMember_SendsNothingAndTheSessionGoesOn([Values] HandlerMode mode)
    {
        Exception? thrown = null;
        Start(configure: o => o.HandlerMode = mode, handlers: server => server.On<Say>((session, in say) =>
        {
            session.Send(new Stream { Text = "first" });
            thrown = Assert.Throws<NullMemberException>(() => session.Send(new Stream { Numbers = Enumerable.Range(0, 5_000), Text = null! }));
            Assert.Throws<ArgumentNullException>(() => session.Send<Stream>(null!));
            session.Send(new Stream { Text = "second" });
        }));
        using RawClient client = RawClient.Open(Server);
        client.Send(Wire.Frame(Wire.Message, 72, Wire.Array("x")));
        Assert.That(((object?[])client.Read()[2]!)[1], Is.EqualTo("first"));
        Assert.That(((object?[])client.Read()[2]!)[1], Is.EqualTo("second"));
        Assert.That(((NullMemberException)thrown!).Member, Does.EndWith("Stream.Text"));
        client.Sync();
    }

    [TestCase(-1)]
    [TestCase(1)]
    public void Serialize_CollectionsThatChange_Throw(int change)
    {
        Promises value = new() { Map = new Shrinking(change) };
        Assert.That(() => NetMessagePack.Serialize(value), Throws.InvalidOperationException.With.Message.Contains("changed"));
    }

    [Test]
    public void TryDeserializeInto_MembersThatShareAList_EachHasItsOwn()
    {
        List<int> shared = [9];
        Shares? value = new() { X = shared, Y = shared, Z = shared };
        Assert.That(NetMessagePack.TryDeserializeInto([0x93, 0x91, 0x01, 0x92, 0x02, 0x03, 0x91, 0x04], DecodeLimits.Default, ref value, out _), Is.True);
        Assert.That((value!.X, value.Y, value.Z), Is.EqualTo((new List<int> { 1 }, new List<int> { 2, 3 }, new List<int> { 4 })));
        Assert.That(value.X, Is.SameAs(shared));

        SharesByName? named = new() { X = shared, Y = shared };
        Assert.That(
            NetMessagePack.TryDeserializeInto([0x82, 0xA1, 0x79, 0x91, 0x01, 0xA1, 0x78, 0x92, 0x02, 0x03], DecodeLimits.Default, ref named, out _), Is.True);
        Assert.That((named!.X, named.Y), Is.EqualTo((new List<int> { 2, 3 }, new List<int> { 1 })));
    }

    [Test]
    public void TryDeserialize_ManyNames_EachFindsItsMember()
    {
        System.Reflection.PropertyInfo[] properties = typeof(ManyNames).GetProperties();
        ManyNames value = new();
        foreach ((int index, System.Reflection.PropertyInfo property) in properties.Index())
        {
            property.SetValue(value, index + 1);
        }

        byte[] wire = NetMessagePack.Serialize(value);
        Assert.That(NetMessagePack.TryDeserialize(wire, out ManyNames? read), Is.True);
        Assert.That(properties.Select(property => property.GetValue(read)), Is.EqualTo(Enumerable.Range(1, properties.Length)));
        foreach (string other in (string[])["c", "ac", "name003", "mame001", "name0011", "nme001", "näme103"])
        {
            NetWriter writer = new(new byte[64]);
            writer.WriteMapHeader(1);
            writer.Write(other);
            writer.Write(7);
            Assert.That(NetMessagePack.TryDeserialize(writer.Written, out read), Is.True, other);
            Assert.That(properties.Select(property => property.GetValue(read)), Has.All.EqualTo(0), other);
        }
    }

    [Test]
    public void TryDeserialize_UnknownNameThatIsNotUtf8_IsRejected()
    {
        Assert.That(NetMessagePack.TryDeserialize([0x81, 0xA2, 0xC3, 0x28, 0x01], out ManyNames? _, out DecodeStatus status), Is.False);
        Assert.That(status, Is.EqualTo(DecodeStatus.InvalidUtf8));
        Assert.That(NetMessagePack.TryDeserialize([0x81, 0xA2, 0xC3, 0x28, 0x01], out SharesByName? _, out status), Is.False);
        Assert.That(status, Is.EqualTo(DecodeStatus.InvalidUtf8));
    }

    private static IEnumerable<int> Once(int count)
    {
        Queue<int> queue = new(Enumerable.Range(0, count));
        return Drain();

        IEnumerable<int> Drain()
        {
            while (queue.TryDequeue(out int number))
            {
                yield return number;
            }
        }
    }

    /// <summary>A map that another thread changes between its count and its pairs.</summary>
    private sealed class Shrinking(int change) : IReadOnlyDictionary<int, int>
    {
        public int Count => 3;

        public IEnumerable<int> Keys => [];

        public IEnumerable<int> Values => [];

        public int this[int key] => key;

        public bool ContainsKey(int key) => true;

        public bool TryGetValue(int key, out int value)
        {
            value = key;
            return true;
        }

        public IEnumerator<KeyValuePair<int, int>> GetEnumerator() =>
            Enumerable.Range(0, Count + change).Select(number => new KeyValuePair<int, int>(number, number)).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
