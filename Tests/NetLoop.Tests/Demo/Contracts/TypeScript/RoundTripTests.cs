using System.Numerics;
using NetLoop.Demo.Contracts.TypeScript;
using NetLoop.Tests.Generators;
using NUnit.Framework;

namespace NetLoop.Tests.Demo.Contracts.TypeScript;

/// <summary>Values that are sent from C# to JavaScript and back, byte for byte.</summary>
[TestFixture]
[Parallelizable]
public sealed class RoundTripTests
{
    private static readonly string AssemblyPath = typeof(RoundTripTests).Assembly.Location;

    /// <summary>The bytes of a contract, and the bytes that come back.</summary>
    private static readonly (string Contract, string Bytes, string Expected)[] Cases =
    [
        ("Version1", "92 01 93 a1 78 81 c0 c3 c7 03 05 01 02 03", "91 01"), // Elements of a newer version are skipped.
        ("Version2", "90", "94 00 c0 a0 90"), // Absent elements have default values.
        // Unknown names are skipped.
        ("Profile", "82 a5 6c 65 76 65 6c 05 a1 3f c0", "84 a4 6e 61 6d 65 a0 a5 6c 65 76 65 6c 05 a5 6d 6f 74 74 6f a0 a4 74 61 67 73 90"),
        ("Version1", "91 cf 00 00 00 00 00 00 00 07", "91 07"), // Integers of every width are read; the shortest is written.
        ("Version1", "91 cb 40 1c 00 00 00 00 00 00", "91 07"), // Floats without a fraction are read as integers.
        ("Mandatory", "91 01", "DecodeError: Mandatory.tree did not come"),
        ("Version1", "91 ce ff ff ff ff", "DecodeError: 4294967295 is not from"),
        ("Version1", "91 a1 31", "DecodeError: code a1 at byte 1 begins no integer"),
        ("Version1", "91", "DecodeError: a value ends too early"),
        ("Version1", "91 01 00", "DecodeError: 1 bytes behind the value"),
        ("Version1", "92 01 c1", "DecodeError: the code c1 is never used"),
        ("Collections", "91 dd ff ff ff ff", "DecodeError: a value ends too early"), // A count that exceeds the data is rejected.
        ("Dog", "91 a2 c3 28", "DecodeError: a string is not UTF-8"),
        ("IPet", "92 05 90", "DecodeError: tag 5 is no type of IPet"),
    ];

    [Test]
    public async Task DecodeThenEncode_EveryKindOfContract_IsTheSameBytes()
    {
        Node.Require();
        using GeneratedClient client = GeneratedClient.Of(AssemblyPath, Int64Form.BigInt);
        List<(string Contract, byte[] Bytes)> values = [.. Values()];

        IReadOnlyList<string> answers = await client.RoundTripAsync(values);

        Assert.That(answers, Is.EqualTo(values.Select(value => Convert.ToHexStringLower(value.Bytes))));
    }

    [Test]
    public async Task DecodeThenEncode_EveryLengthAndWidth_IsTheSameBytes()
    {
        Node.Require();
        using GeneratedClient client = GeneratedClient.Of(AssemblyPath, Int64Form.BigInt);
        List<(string Contract, byte[] Bytes)> values = [];
        foreach (int length in (int[])[0, 1, 15, 16, 31, 32, 255, 256, 65_535, 65_536])
        {
            values.Add(Value("Dog", new Dog(new string('a', length))));
            values.Add(Value("Dog", new Dog(new string('é', length / 2))));
            values.Add(Value("Collections", new Generators.Collections { Numbers = [.. Enumerable.Range(0, length)] }));
        }

        foreach (int bits in Enumerable.Range(0, 64))
        {
            foreach (long near in (long[])[-1, 0, 1])
            {
                long number = unchecked((1L << bits) + near);
                values.Add(
                    Value(
                        "FixedTypes",
                        new FixedTypes
                        {
                            U64 = (ulong)number,
                            I64 = -number,
                            U32 = (uint)number,
                            I32 = (int)-number,
                            U16 = (ushort)number,
                            I8 = (sbyte)-number,
                        }));
                values.Add(
                    Value(
                        "WiderValues",
                        new WiderValues { Signed = (Int128)number * number, Big = BigInteger.Pow(-number, 3), Unsigned = (UInt128)(ulong)number << 64 }));
            }
        }

        IReadOnlyList<string> answers = await client.RoundTripAsync(values);

        Assert.That(answers, Is.EqualTo(values.Select(value => Convert.ToHexStringLower(value.Bytes))));
    }

    [Test]
    public async Task Decode_NumbersBeyond53Bits_AreRefusedNotRounded()
    {
        Node.Require();
        using GeneratedClient client = GeneratedClient.Of(AssemblyPath, Int64Form.Number);

        IReadOnlyList<string> answers = await client.RoundTripAsync(
        [
            Value("FixedTypes", new FixedTypes { I64 = (1L << 53) - 1 }),
            Value("FixedTypes", new FixedTypes { I64 = 1L << 53 }),
        ]);

        Assert.That(answers[0], Is.EqualTo(Convert.ToHexStringLower(NetMessagePack.Serialize(new FixedTypes { I64 = (1L << 53) - 1 }))));
        Assert.That(answers[1], Does.StartWith("DecodeError: 9007199254740992 is more than a number holds exactly"));
    }

    [Test]
    public async Task Decode_OtherVersionsAndWrongBytes_AsInCSharp()
    {
        Node.Require();
        using GeneratedClient client = GeneratedClient.Of(AssemblyPath, Int64Form.BigInt);

        IReadOnlyList<string> answers = await client.RoundTripAsync(
            Cases.Select(one => (one.Contract, Convert.FromHexString(one.Bytes.Replace(" ", "", StringComparison.Ordinal)))));

        using (Assert.EnterMultipleScope())
        {
            foreach (((string contract, string bytes, string expected), string answer) in Cases.Zip(answers))
            {
                bool isError = expected.StartsWith("DecodeError", StringComparison.Ordinal);
                Assert.That(
                    answer, isError ? Does.StartWith(expected) : Is.EqualTo(expected.Replace(" ", "", StringComparison.Ordinal)), $"{contract} {bytes}");
            }
        }

        Assert.That(answers, Has.Count.EqualTo(Cases.Length));
    }

    [Test]
    public async Task Decode_NestedTooDeep_IsRejected()
    {
        Node.Require();
        using GeneratedClient client = GeneratedClient.Of(AssemblyPath, Int64Form.BigInt);

        IReadOnlyList<string> answers = await client.RoundTripAsync([("Chain", [.. Enumerable.Repeat((byte)0x91, 10_000), 0xc0])]);

        Assert.That(answers.Single(), Is.EqualTo("DecodeError: nested more than 64 deep"));
    }

    [Test]
    public async Task DecodeThenEncode_NamesThatScriptsTreatSpecially_LoseNothing()
    {
        Node.Require();
        using GeneratedClient client = GeneratedClient.OfDescription(
            "contract Clash: array\n  0 X: int32\n  1 x: int32\n  2 ID: int32\n  3 Id: int32\n"
            + "contract Keyed: map\n  \"__proto__\": int32\n  \"constructor\": array<int32>\n"
            + "contract map: array\n  0 __proto__: map<string, map>\n");
        (string, byte[])[] values =
        [
            ("Clash", [0x94, 1, 2, 3, 4]),
            ("Keyed", [0x82, 0xA9, .. "__proto__"u8, 7, 0xAB, .. "constructor"u8, 0x91, 8]),
            ("Map2", [0x91, 0x81, 0xA1, (byte)'a', 0x91, 0x80]),
        ];

        IReadOnlyList<string> answers = await client.RoundTripAsync(values);

        Assert.That(answers, Is.EqualTo(values.Select(value => Convert.ToHexStringLower(value.Item2))));
    }

    private static IEnumerable<(string Contract, byte[] Bytes)> Values()
    {
        var move = new Generators.PlayerMove(70_000, 1.5f, -0f, float.MaxValue, float.NaN, 255);
        yield return Value("PlayerMove", move);
        yield return Value(
            "FixedTypes",
            new FixedTypes(
                true,
                255,
                -128,
                65_535,
                -32_768,
                uint.MaxValue,
                int.MinValue,
                ulong.MaxValue,
                long.MinValue,
                'ß',
                float.Epsilon,
                Math.PI,
                Direction.South,
                Signed.Low));
        yield return Value("Vectors", new Generators.Vectors(new(1, 2), new(3, 4, 5), new(6, 7, 8, 9), Quaternion.Identity));
        yield return Value("OtherTypes", new OtherTypes
        {
            Text = "Grüße 👋",
            MaybeText = "",
            Data = [1, 2, 255],
            Memory = new byte[300],
            Money = 79_228_162_514_264_337_593_543_950_335m,
            Id = new Guid("00112233-4455-6677-8899-aabbccddeeff"),
            Moment = new DateTime(2026, 2, 28, 23, 59, 59, DateTimeKind.Utc).AddTicks(1_234_567),
            Local = new DateTimeOffset(1969, 12, 31, 20, 0, 0, TimeSpan.FromMinutes(-330)),
            Duration = TimeSpan.MinValue,
            MaybeNumber = -1,
            MaybeDirection = Direction.East,
            MaybePlace = Vector3.One,
            Move = move,
            Tree = new Tree { Value = 1, Children = [new() { Value = 2 }, new() { Value = 3, Children = [new()] }] },
        });
        foreach (long seconds in (long[])[-62_135_596_800, -1, 0, uint.MaxValue, (long)uint.MaxValue + 1, (1L << 34) - 1, 1L << 34, 253_402_300_799])
        {
            yield return Value("OtherTypes", new OtherTypes { Moment = DateTime.UnixEpoch.AddSeconds(seconds) });
            yield return Value("OtherTypes", new OtherTypes { Moment = DateTime.UnixEpoch.AddSeconds(seconds).AddTicks(9_999_999) });
        }

        yield return Value("Collections", new Generators.Collections
        {
            Numbers = [1, -1],
            Names = ["a", "b"],
            MaybeNames = [null, "c"],
            Scores = { ["x"] = 1, ["y"] = 2 },
            Moves = { [Direction.South] = [move, default] },
            Ids = [long.MaxValue, 0],
            Readings = [1, 0.1],
            Guids = [Guid.Empty],
            Units = "xy",
            Grid = [[1], [], [2, 3]],
            Holes = [null, [1, null]],
            Path = [move],
            Blobs = { [Guid.Empty] = new() { [7] = [1] } },
        });
        yield return Value("Profile", new Profile("Ana", 3) { Tags = ["a"] });
        yield return Value("AwkwardNames", new AwkwardNames { reader = 1, @class = 2, Layout = 3, X = Direction.East, x = 4, XBits = 5 });
        yield return Value("WithConstructor", new WithConstructor(1, "b") { IsReady = true });
        yield return Value("Dragon", new Dragon { Name = "Smaug", Flame = 2 });
        yield return Value("Settings", new Settings());
        yield return Value("WiderValues", new WiderValues
        {
            Half = (Half)1.5,
            Signed = Int128.MinValue,
            Unsigned = UInt128.MaxValue,
            Big = BigInteger.Pow(-2, 200),
            Version = new(1, 2, 3, 4),
            Uri = new("https://example.org/ü"),
            Date = DateOnly.MaxValue,
            Time = TimeOnly.MaxValue,
            Complex = new(1, -2),
            Plane = new(1, 2, 3, 4),
            Flat = Matrix3x2.Identity,
            Solid = Matrix4x4.Identity,
        });
        yield return Value(
            "WiderCollections",
            new WiderCollections
            {
                Set = new HashSet<int> { 3, 1 },
                Dictionary = new Dictionary<int, string> { [1] = "a" },
                MaybeArray = [1],
                Segment = ArraySegment<byte>.Empty,
            });
        yield return Value(
            "TupleTypes", new TupleTypes((1, null), (true, 2, 3, 4, 5, 6, 'g'), new(1), new(1, "b", (2, 3)), new("k", 1), [(Direction.East, Vector2.One)]));
        yield return Value("Kennel", new Kennel([new Dog("a"), new Cat(9), new Kennel([]), new Box<int>(5, 6)]));
        yield return Value<Command>("Command", new Jump { Height = 2 });
        yield return Value("Generics", new Generics
        {
            Text = new("t", "u"),
            Boxed = new(new(new Dog("d"), null)),
            Range = new() { From = Direction.North, To = Direction.South },
            Nodes = new() { Key = "n", Values = [new Cat(1), null], Next = new() },
            Boxes = [new([1, 2], [])],
        });
    }

    private static (string Contract, byte[] Bytes) Value<T>(string contract, T value)
        where T : INetContract<T> => (contract, NetMessagePack.Serialize(value));
}
