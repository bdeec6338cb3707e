using System.Buffers;
using System.Numerics;
using NUnit.Framework;

namespace NetLoop.Tests.Generators;

public sealed class GeneratedContractTests
{
    private static readonly PlayerMove SampleMove = new(123_456, 1.5f, -2.5f, float.MaxValue, float.NaN, 200);

    [Test]
    public void PlayerMove_Written_IsWhatTheProtocolSays()
    {
        Assert.That(
            Convert.ToHexString(NetMessagePack.Serialize(SampleMove with { Yaw = 0.5f })),
            Is.EqualTo("96CE0001E240CA3FC00000CAC0200000CA7F7FFFFFCA3F000000CCC8"));
        Assert.That(MessageTypeOf<PlayerMove>(), Is.EqualTo(100));
    }

    [Test]
    public void PlayerMove_EncodedAndDecoded_AllocatesNothing()
    {
        byte[] memory = new byte[64];
        RoundTrip(memory);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int index = 0; index < 1_000; index++)
        {
            RoundTrip(memory);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);

        static void RoundTrip(byte[] memory)
        {
            NetWriter writer = new(memory);
            Write(ref writer, in SampleMove);
            NetReader reader = new(writer.Written);
            FailUnless(TryRead(ref reader, out PlayerMove read) && read == SampleMove);
        }
    }

    [TestCase(0u, (byte)0)]
    [TestCase(127u, (byte)127)]
    [TestCase(128u, (byte)128)]
    [TestCase(256u, (byte)255)]
    [TestCase(65_536u, (byte)1)]
    public void PlayerMove_AnyRoom_WritesTheSameOrOverflows(uint sequence, byte buttons)
    {
        PlayerMove move = SampleMove with { Sequence = sequence, Buttons = buttons };
        byte[] expected = NetMessagePack.Serialize(move);
        for (int room = 0; room < 40; room++)
        {
            NetWriter writer = new(new byte[room]);
            Write(ref writer, in move);
            Assert.That(writer.Overflowed, Is.EqualTo(room < expected.Length), $"{room} bytes of room");
            if (!writer.Overflowed)
            {
                Assert.That(writer.Written.ToArray(), Is.EqualTo(expected));
            }
        }

        AssertRoundTrip(move);
    }

    [Test]
    public void PlayerMove_UnusualForms_AreRead()
    {
        // Sequence and buttons as signed 64-bit integers, floats as an integer and as a 64-bit float.
        byte[] wire = Convert.FromHexString("DC0006" + "D30000000000000007" + "05" + "CB3FF8000000000000" + "CA00000000" + "E0" + "D20000000A");
        Assert.That(NetMessagePack.TryDeserialize(wire, out PlayerMove read), Is.True);
        Assert.That(read, Is.EqualTo(new PlayerMove(7, 5, 1.5f, 0, -32, 10)));
    }

    [Test]
    public void FixedTypes_Extremes_AreTheSameAgain()
    {
        AssertRoundTrip(default(FixedTypes));
        AssertRoundTrip(
            new FixedTypes(
                true,
                255,
                -128,
                65_535,
                short.MinValue,
                uint.MaxValue,
                int.MinValue,
                ulong.MaxValue,
                long.MinValue,
                '\uFFFF',
                float.Epsilon,
                double.MinValue,
                Direction.South,
                Signed.Low));
        AssertRoundTrip(
            new FixedTypes(
                true, 127, 127, 127, short.MaxValue, 127, int.MaxValue, long.MaxValue, long.MaxValue, 'a', -0f, double.NaN, Direction.East, Signed.High));
        AssertRoundTrip(new FixedTypes(false, 128, -33, 256, -129, 65_536, -32_769, 1UL << 32, int.MinValue - 1L, '\u0100', 1, 1, (Direction)99, (Signed)5));
        AssertRoundTrip(new FixedTypes(false, 0, -32, 0, 255, 0, 65_535, 0, uint.MaxValue, '\0', 1, 1, 0, (Signed)(-7)));
    }

    [Test]
    public void FixedTypes_Written_HoleIsNil()
    {
        byte[] wire = NetMessagePack.Serialize(default(FixedTypes));
        Assert.That(Convert.ToHexString(wire), Is.EqualTo("9FC2" + "000000000000000000" + "C0" + "CA00000000" + "CB0000000000000000" + "0000"));
    }

    [Test]
    public void Vectors_Written_AreArraysOfFloats()
    {
        Vectors vectors = new(new(1, 2), new(3, 4, 5), new(6, 7, 8, 9), new(0, 1, 0, -1));
        AssertRoundTrip(vectors);
        Assert.That(NetMessagePack.Serialize(vectors), Has.Length.EqualTo(1 + 11 + 16 + 21 + 21));
        byte[] integers = [0x91, 0x92, 0x01, 0x02];
        Assert.That(NetMessagePack.TryDeserialize(integers, out Vectors read), Is.True);
        Assert.That(read.Two, Is.EqualTo(new Vector2(1, 2)));
        Assert.That(NetMessagePack.TryDeserialize([0x91, 0x93, 0x01, 0x02, 0x03], out Vectors _, out DecodeStatus status), Is.False);
        Assert.That(status, Is.EqualTo(DecodeStatus.WrongType));
    }

    [Test]
    public void OtherTypes_Filled_AreTheSameAgain()
    {
        OtherTypes sent = new()
        {
            Text = "Grüße 🍺",
            MaybeText = "x",
            Data = [1, 2, 3],
            MaybeData = [],
            Memory = new byte[] { 4 },
            ReadOnlyMemory = new byte[] { 5, 6 },
            Money = decimal.MinValue,
            Id = Guid.Parse("00112233-4455-6677-8899-aabbccddeeff"),
            Moment = new DateTime(2026, 11, 23, 22, 42, 56, DateTimeKind.Utc).AddTicks(1_234_567),
            Local = new DateTimeOffset(2026, 11, 23, 23, 42, 56, TimeSpan.FromMinutes(-210)),
            Duration = TimeSpan.MinValue,
            MaybeNumber = -5,
            MaybeDirection = Direction.South,
            MaybePlace = new(1, 2, 3),
            Move = SampleMove,
            Tree = new Tree { Value = 1, Children = [new Tree { Value = 2 }] },
        };
        OtherTypes read = RoundTrip(sent);
        Assert.Multiple(() =>
        {
            Assert.That(read.Text, Is.EqualTo(sent.Text));
            Assert.That(read.MaybeText, Is.EqualTo(sent.MaybeText));
            Assert.That(read.Data, Is.EqualTo(sent.Data));
            Assert.That(read.MaybeData, Is.Empty);
            Assert.That(read.Memory.ToArray(), Is.EqualTo(sent.Memory.ToArray()));
            Assert.That(read.ReadOnlyMemory.ToArray(), Is.EqualTo(sent.ReadOnlyMemory.ToArray()));
            Assert.That(read.Money, Is.EqualTo(sent.Money));
            Assert.That(read.Id, Is.EqualTo(sent.Id));
            Assert.That(read.Moment, Is.EqualTo(sent.Moment));
            Assert.That(read.Moment.Kind, Is.EqualTo(DateTimeKind.Utc));
            Assert.That(read.Local.EqualsExact(sent.Local));
            Assert.That(read.Duration, Is.EqualTo(sent.Duration));
            Assert.That(read.MaybeNumber, Is.EqualTo(sent.MaybeNumber));
            Assert.That(read.MaybeDirection, Is.EqualTo(sent.MaybeDirection));
            Assert.That(read.MaybePlace, Is.EqualTo(sent.MaybePlace));
            Assert.That(read.Move, Is.EqualTo(sent.Move));
            Assert.That(read.Tree!.Children[0].Value, Is.EqualTo(2));
        });
    }

    [Test]
    public void OtherTypes_Nulls_AreNullAgain()
    {
        OtherTypes read = RoundTrip(new OtherTypes());
        Assert.Multiple(() =>
        {
            Assert.That(read.MaybeText, Is.Null);
            Assert.That(read.MaybeData, Is.Null);
            Assert.That(read.MaybeNumber, Is.Null);
            Assert.That(read.MaybeDirection, Is.Null);
            Assert.That(read.MaybePlace, Is.Null);
            Assert.That(read.Tree, Is.Null);
        });
    }

    [Test]
    public void OtherTypes_ValuesWithoutAFormInMessagePack_AreWrittenLikeMessagePackCSharp()
    {
        byte[] wire = NetMessagePack.Serialize(new OtherTypes { Money = 1.50m, Id = Guid.Empty, Duration = TimeSpan.FromTicks(5) });
        string text = System.Text.Encoding.Latin1.GetString(wire);
        Assert.That(text, Does.Contain("\u00A41.50"));
        Assert.That(text, Does.Contain("\u00D9\u002400000000-0000-0000-0000-000000000000"));
    }

    [TestCase("91C0", DecodeStatus.WrongType)]
    [TestCase("93A0C0C0", DecodeStatus.WrongType)]
    [TestCase("97A0C0C400C0C400C400A3312E78", DecodeStatus.OutOfRange)]
    [TestCase("98A0C0C400C0C400C400A130A3313233", DecodeStatus.OutOfRange)]
    public void OtherTypes_NilForWhatIsNeverNullOrBadText_IsRejected(string hex, DecodeStatus expected)
    {
        Assert.That(NetMessagePack.TryDeserialize(Convert.FromHexString(hex), out OtherTypes? _, out DecodeStatus status), Is.False);
        Assert.That(status, Is.EqualTo(expected));
    }

    [Test]
    public void Collections_Filled_AreTheSameAgain()
    {
        Collections sent = new()
        {
            Numbers = [.. Enumerable.Range(-2_000, 5_000)],
            Names = ["a", ""],
            MaybeNames = [null, "b"],
            Scores = new() { ["x"] = 1, ["y"] = -1 },
            Moves = new() { [Direction.East] = [SampleMove, default], [Direction.North] = [] },
            Ids = [1, long.MinValue],
            Readings = [0.5, double.MaxValue],
            Guids = [Guid.Empty],
            Units = "units",
            Grid = [[1, 2], [], [3]],
            Holes = [null, [1, null]],
            Path = [.. Enumerable.Range(0, 3_000).Select(index => SampleMove with { Sequence = (uint)index })],
            Blobs = new() { [Guid.Empty] = new() { [7] = [1, 2] } },
        };
        Collections read = RoundTrip(sent);
        Assert.Multiple(() =>
        {
            Assert.That(read.Numbers, Is.EqualTo(sent.Numbers));
            Assert.That(read.Names, Is.EqualTo(sent.Names));
            Assert.That(read.MaybeNames, Is.EqualTo(sent.MaybeNames));
            Assert.That(read.Scores, Is.EqualTo(sent.Scores));
            Assert.That(read.Moves, Is.EqualTo(sent.Moves));
            Assert.That(read.Ids, Is.EqualTo(sent.Ids));
            Assert.That(read.Readings, Is.EqualTo(sent.Readings));
            Assert.That(read.Guids, Is.EqualTo(sent.Guids));
            Assert.That(read.Units, Is.EqualTo(sent.Units));
            Assert.That(read.Grid, Is.EqualTo(sent.Grid));
            Assert.That(read.Holes, Is.EqualTo(sent.Holes));
            Assert.That(read.Path, Is.EqualTo(sent.Path));
            Assert.That(read.Blobs, Is.EqualTo(sent.Blobs));
        });
    }

    [Test]
    public void Profile_Written_IsAMapInOrderOfDeclaration()
    {
        byte[] wire = NetMessagePack.Serialize(new Profile("n", 2));
        Assert.That(Convert.ToHexString(wire), Is.EqualTo("84" + "A46E616D65A16E" + "A56C6576656C02" + "A56D6F74746FA46E6F6E65" + "A47461677391A36E6577"));
        Assert.That(RoundTrip(new Profile("n", 2, "m") { Tags = ["a", "b"], Cached = 9 }).Tags, Is.EqualTo(new[] { "a", "b" }));
    }

    [Test]
    public void Profile_UnknownMissingAndRepeatedNames_LastWins()
    {
        ArrayBufferWriter<byte> wire = new();
        Append(wire, (ref NetWriter w) =>
        {
            w.WriteMapHeader(4);
            w.Write("level");
            w.Write(1);
            w.Write("unknown");
            w.WriteArrayHeader(2);
            w.WriteNil();
            w.WriteMapHeader(0);
            w.Write("level");
            w.Write(2);
            w.Write("name");
            w.Write("bob");
        });
        Assert.That(NetMessagePack.TryDeserialize(wire.WrittenSpan, out Profile? read), Is.True);
        Assert.That(read!.Level, Is.EqualTo(2));
        Assert.That(read.Name, Is.EqualTo("bob"));
        Assert.That(read.Motto, Is.EqualTo("none"), "the default of its parameter");
        Assert.That(read.Tags, Is.EqualTo(new[] { "new" }), "what it is initialized with");
    }

    // There are as many pairs as members, but none of the members has arrived.
    [TestCase("80", 11)]
    [TestCase("82A16100A16200", 11)]
    [TestCase("82A6766F6C756D6505A6766F6C756D6507", 7)]
    public void Settings_MembersMissing_StayAsTheConstructorLeavesThem(string hex, int volume)
    {
        Assert.That(NetMessagePack.TryDeserialize(Convert.FromHexString(hex), out Settings? read), Is.True);
        Assert.That((read!.Volume, read.Tree.Value), Is.EqualTo((volume, 3)));
    }

    [Test]
    public void AwkwardNames_Filled_AreTheSameAgain()
    {
        AwkwardNames sent = new()
        {
            reader = 1,
            Writer = 2,
            Value = 3,
            count = 4,
            Key = 5,
            read = 6,
            @class = 7,
            Layout = 8,
            X = Direction.East,
            x = 9,
            XBits = 10,
        };
        Assert.That(RoundTrip(sent), Is.EqualTo(sent));
    }

    [Test]
    public void OtherShapes_AreTheSameAgain()
    {
        WithConstructor read = RoundTrip(new WithConstructor(5, "n") { IsReady = true });
        Assert.That((read.Id, read.Name, read.IsReady), Is.EqualTo((5, "n", true)));
        Dragon dragon = RoundTrip(new Dragon { Name = "Smaug", Flame = 2 });
        Assert.That((dragon.Name, dragon.CurrentHealth, dragon.Flame), Is.EqualTo(("Smaug", 7, 2f)));
        AssertRoundTrip(new Outer<string>.Inner(3));
        AssertRoundTrip(default(Nothing));
    }

    [Test]
    public void Versions_OlderReader_SkipsWhatItDoesNotKnow()
    {
        byte[] newer = NetMessagePack.Serialize(new Version3(1, "b", 2, new Tree { Children = [new Tree()] }));
        Assert.That(NetMessagePack.TryDeserialize(newer, out Version1? oldest), Is.True);
        Assert.That(oldest!.A, Is.EqualTo(1));
    }

    [Test]
    public void Versions_NewerReader_HasDefaultsForWhatIsMissing()
    {
        byte[] oldest = NetMessagePack.Serialize(new Version1 { A = 1 });
        Assert.That(NetMessagePack.TryDeserialize(oldest, out Version2? second), Is.True);
        Assert.That((second!.A, second.B), Is.EqualTo((1, "initial")));
        Assert.That(second.C, Is.EqualTo(new[] { 1, 2 }));
        Assert.That(NetMessagePack.TryDeserialize(oldest, out Version3 third), Is.True);
        Assert.That(third, Is.EqualTo(new Version3(1, "", 5, null)));
    }

    [Test]
    public void Mandatory_MissingMember_IsRejected()
    {
        Assert.That(NetMessagePack.TryDeserialize([0x91, 0x01], out Mandatory? _, out DecodeStatus status), Is.False);
        Assert.That(status, Is.EqualTo(DecodeStatus.MissingMember));
        Assert.That(NetMessagePack.TryDeserialize([0x81, 0xA1, (byte)'a', 0x01], out MandatoryByName? _, out status), Is.False);
        Assert.That(status, Is.EqualTo(DecodeStatus.MissingMember));
        Assert.That(RoundTrip(new Mandatory(1, new Tree { Value = 5 })).Tree.Value, Is.EqualTo(5));
        Assert.That(RoundTrip(new MandatoryByName(1, new Tree { Value = 5 })).Tree.Value, Is.EqualTo(5));
    }

    [Test]
    public void Write_CircleOfReferences_ThrowsWhileThereIsStack()
    {
        Tree tree = new();
        tree.Children.Add(tree);
        Assert.That(() => NetMessagePack.Serialize(tree), Throws.InstanceOf<InsufficientExecutionStackException>());
    }

    [Test]
    public void Write_CircleOfStructs_ThrowsWhileThereIsStack()
    {
        Branch branch = new([]);
        branch.Children.Add(branch);
        Assert.That(() => NetMessagePack.Serialize(branch), Throws.InstanceOf<InsufficientExecutionStackException>());
    }

    private delegate void Encoder(ref NetWriter writer);

    private static void Append(ArrayBufferWriter<byte> output, Encoder encoder)
    {
        NetWriter writer = new(output.GetSpan(4_096));
        encoder(ref writer);
        output.Advance(writer.BytesWritten);
    }

    private static int MessageTypeOf<T>()
        where T : INetMessage<T> => T.MessageType;

    private static void Write<T>(ref NetWriter writer, in T value)
        where T : INetContract<T> => T.Write(ref writer, in value);

    private static bool TryRead<T>(ref NetReader reader, out T? value)
        where T : INetContract<T> => T.TryRead(ref reader, out value);

    private static void FailUnless(bool holds)
    {
        if (!holds)
        {
            Assert.Fail("The value changed on its way.");
        }
    }

    private static void AssertRoundTrip<T>(T sent)
        where T : INetContract<T> => Assert.That(RoundTrip(sent), Is.EqualTo(sent));

    private static T RoundTrip<T>(T sent)
        where T : INetContract<T> => ContractRoundTrip.Of(sent);
}
