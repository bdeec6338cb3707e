using System.Globalization;
using System.Numerics;
using NetLoop.CompilerServices;
using NetLoop.Fuzzing.Mutation;

namespace NetLoop.Fuzzing.Targets;

/// <summary>Writes values of the types for which the engine has formatters.</summary>
internal static class LeafGrammar
{
    private const int MaxLeafBytes = 256;

    private static readonly Dictionary<Type, Action<InputBuffer, FuzzRandom>> Leaves = new()
    {
        [typeof(bool)] = static (output, random) => output.Add((byte)(0xC2 + random.Below(2))),
        [typeof(float)] = MessagePackGrammar.AddFloat,
        [typeof(double)] = MessagePackGrammar.AddFloat,
        [typeof(Half)] = MessagePackGrammar.AddFloat,
        [typeof(string)] = MessagePackGrammar.AddString,
        [typeof(byte[])] = MessagePackGrammar.AddBinary,
        [typeof(Memory<byte>)] = MessagePackGrammar.AddBinary,
        [typeof(ReadOnlyMemory<byte>)] = MessagePackGrammar.AddBinary,
        [typeof(ArraySegment<byte>)] = MessagePackGrammar.AddBinary,
        [typeof(decimal)] = Formatted<decimal, NetFormatters.Decimal>(
            static random => new decimal((int)random.Next64(), (int)random.Next64(), (int)random.Next64(), random.OneIn(2), (byte)random.Below(29))),
        [typeof(Int128)] = Formatted<Int128, NetFormatters.Int128>(static random => new Int128(random.Next64(), random.Next64())),
        [typeof(UInt128)] = Formatted<UInt128, NetFormatters.UInt128>(static random => new UInt128(random.Next64(), random.Next64())),
        [typeof(BigInteger)] = Formatted<BigInteger, NetFormatters.BigInteger>(static random => BigInteger.Pow(random.Next64(), random.Below(4))),
        [typeof(Guid)] = Formatted<Guid, NetFormatters.Guid>(
            static random => new Guid((int)random.Next64(), (short)random.Next64(), (short)random.Next64(), 1, 2, 3, 4, 5, 6, 7, random.NextByte())),
        [typeof(DateTime)] = Formatted<DateTime, NetFormatters.DateTime>(static random => new DateTime(Ticks(random), DateTimeKind.Utc)),
        [typeof(DateTimeOffset)] = Formatted<DateTimeOffset, NetFormatters.DateTimeOffset>(
            static random => new DateTimeOffset(DateTime.UnixEpoch.Ticks + (Ticks(random) / 4), TimeSpan.FromMinutes(random.Below(841)))),
        [typeof(TimeSpan)] = Formatted<TimeSpan, NetFormatters.TimeSpan>(static random => new TimeSpan((long)random.Next64() >> random.Below(64))),
        [typeof(DateOnly)] = Formatted<DateOnly, NetFormatters.DateOnly>(static random => DateOnly.FromDayNumber(random.Below(3_652_059))),
        [typeof(TimeOnly)] = Formatted<TimeOnly, NetFormatters.TimeOnly>(static random => new TimeOnly(Ticks(random) % TimeSpan.TicksPerDay)),
        [typeof(Version)] = Formatted<Version, NetFormatters.Version>(static random => new Version(random.Below(9), random.Below(9), random.Below(9))),
        [typeof(Uri)] = Formatted<Uri, NetFormatters.Uri>(
            static random => new Uri(string.Create(CultureInfo.InvariantCulture, $"http://h{random.Below(99)}/{random.Below(99)}?q#f"))),
        [typeof(Complex)] = Formatted<Complex, NetFormatters.Complex>(static random => new Complex(random.Below(9), random.Below(9))),
        [typeof(Vector2)] = Formatted<Vector2, NetFormatters.Vector2>(static random => new Vector2(random.Below(9))),
        [typeof(Vector3)] = Formatted<Vector3, NetFormatters.Vector3>(static random => new Vector3(random.Below(9))),
        [typeof(Vector4)] = Formatted<Vector4, NetFormatters.Vector4>(static random => new Vector4(random.Below(9))),
        [typeof(Quaternion)] = Formatted<Quaternion, NetFormatters.Quaternion>(static random => new Quaternion(0, 0, 0, random.Below(9))),
        [typeof(Plane)] = Formatted<Plane, NetFormatters.Plane>(static random => new Plane(0, 1, 0, random.Below(9))),
        [typeof(Matrix3x2)] = Formatted<Matrix3x2, NetFormatters.Matrix3x2>(static random => Matrix3x2.CreateScale(random.Below(9))),
        [typeof(Matrix4x4)] = Formatted<Matrix4x4, NetFormatters.Matrix4x4>(static random => Matrix4x4.CreateScale(random.Below(9))),
    };

    /// <summary>Adds a value of a type that contains no other types.</summary>
    /// <returns>False if the type is none of those.</returns>
    public static bool TryAdd(Type type, InputBuffer output, FuzzRandom random)
    {
        if (Leaves.TryGetValue(type, out Action<InputBuffer, FuzzRandom>? add))
        {
            add(output, random);
            return true;
        }

        if (type.IsEnum || type.IsPrimitive)
        {
            MessagePackGrammar.AddInteger(output, random);
            return true;
        }

        return false;
    }

    private static long Ticks(FuzzRandom random) => (long)(random.Next64() % (ulong)DateTime.MaxValue.Ticks);

    private static Action<InputBuffer, FuzzRandom> Formatted<T, TFormatter>(Func<FuzzRandom, T> make)
        where TFormatter : INetFormatter<T> => (output, random) =>
        {
            NetWriter writer = new(stackalloc byte[MaxLeafBytes]);
            T value = make(random);
            TFormatter.Write(ref writer, in value);
            output.Add(writer.Written);
        };
}
