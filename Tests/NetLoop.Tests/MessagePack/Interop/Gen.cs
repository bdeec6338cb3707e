using System.Numerics;

namespace NetLoop.Tests.MessagePack.Interop;

/// <summary>Random values of the types of members, including the limits of each range; the code of random shapes calls these methods.</summary>
public static class Gen
{
    private const int MaxItems = 4;

    private static readonly long[] Borders =
    [
        0, 1, 31, 32, 127, 128, 255, 256, 32_767, 32_768, 65_535, 65_536, int.MaxValue, int.MaxValue + 1L, uint.MaxValue, uint.MaxValue + 1L, long.MaxValue,
        -1, -32, -33, -128, -129, short.MinValue, short.MinValue - 1, int.MinValue, int.MinValue - 1L, long.MinValue,
    ];

    private static readonly int[] Lengths = [0, 1, 15, 16, 31, 32, 255, 256, 70_000];

    private static readonly string[] Letters = ["a", "Z", "\u00DF", "\u20AC", "\U0001F600", "\0", "\uD800"];

    public static bool Bool(Random r) => r.Next(2) == 0;

    /// <summary>Near the limits between the forms of integers, truncated to the type.</summary>
    public static long Int(Random r) => r.Next(3) == 0 ? r.NextInt64(long.MinValue, long.MaxValue) >> r.Next(64) : Borders[r.Next(Borders.Length)];

    public static float Single(Random r) => r.Next(6) switch
    {
        0 => float.NaN,
        1 => float.NegativeInfinity,
        2 => -0f,
        3 => float.Epsilon,
        _ => (r.NextSingle() - 0.5f) * r.Next(1 << 20),
    };

    public static double Double(Random r) => r.Next(6) switch
    {
        0 => double.NaN,
        1 => double.PositiveInfinity,
        2 => -0d,
        3 => double.MaxValue,
        _ => (r.NextDouble() - 0.5) * Math.Pow(10, r.Next(-300, 300)),
    };

    public static string Text(Random r)
    {
        int length = r.Next(40) == 0 ? Lengths[r.Next(Lengths.Length)] : r.Next(10);
        return string.Concat(Enumerable.Range(0, length).Select(_ => r.Next(6) == 0 ? Letters[r.Next(Letters.Length)] : Letters[0]));
    }

    public static byte[] Bytes(Random r)
    {
        byte[] bytes = new byte[r.Next(40) == 0 ? Lengths[r.Next(Lengths.Length)] : r.Next(10)];
        r.NextBytes(bytes);
        return bytes;
    }

    public static Guid Guid(Random r) => new([.. Enumerable.Range(0, 16).Select(_ => (byte)r.Next(256))]);

    public static decimal Decimal(Random r) => new(r.Next(), r.Next(), r.Next(2) == 0 ? 0 : r.Next(), r.Next(2) == 0, (byte)r.Next(29));

    public static BigInteger Big(Random r) => new(Bytes(r));

    public static Int128 Int128(Random r) => new((ulong)Int(r), (ulong)Int(r));

    public static Version Version(Random r) => r.Next(3) switch
    {
        0 => new(r.Next(99), r.Next(99)),
        1 => new(r.Next(99), r.Next(99), r.Next(99)),
        _ => new(r.Next(99), r.Next(99), r.Next(99), r.Next(99)),
    };

    public static Uri Uri(Random r) => new($"https://example.org/{r.Next(1000)}?q={r.Next(1000)}", UriKind.Absolute);

    public static DateTime Time(Random r) => r.Next(5) switch
    {
        0 => DateTime.UnixEpoch.AddSeconds(r.NextInt64(1L << 33)),
        1 => DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc),
        2 => DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc),
        _ => new DateTime(r.NextInt64(DateTime.MaxValue.Ticks), DateTimeKind.Utc),
    };

    public static DateTimeOffset Offset(Random r) =>
        new(DateTime.UnixEpoch.Ticks + r.NextInt64(1L << 55), TimeSpan.FromMinutes(r.Next(-14 * 60, (14 * 60) + 1)));

    public static TimeSpan Span(Random r) => TimeSpan.FromTicks(Int(r));

    public static DateOnly Date(Random r) => DateOnly.FromDayNumber(r.Next(DateOnly.MaxValue.DayNumber + 1));

    public static TimeOnly OfDay(Random r) => new(r.NextInt64(TimeSpan.TicksPerDay));

    public static Complex Complex(Random r) => new(Double(r), Double(r));

    public static Vector2 Vector2(Random r) => new(Single(r), Single(r));

    public static Vector3 Vector3(Random r) => new(Single(r), Single(r), Single(r));

    public static Vector4 Vector4(Random r) => new(Single(r), Single(r), Single(r), Single(r));

    public static Quaternion Quaternion(Random r) => new(Single(r), Single(r), Single(r), Single(r));

    public static Matrix3x2 Matrix3x2(Random r) => new(Single(r), Single(r), Single(r), Single(r), Single(r), Single(r));

    public static Matrix4x4 Matrix4x4(Random r) => System.Numerics.Matrix4x4.CreateRotationX(r.NextSingle()) * r.Next(100);

    /// <summary>A value of an enum, or another value of its underlying type.</summary>
    public static T Enum<T>(Random r)
        where T : struct, Enum
    {
        T[] all = System.Enum.GetValues<T>();
        return r.Next(4) == 0 ? (T)System.Enum.ToObject(typeof(T), Int(r)) : all[r.Next(all.Length)];
    }

    /// <summary>A few; none beyond some depth.</summary>
    public static List<T> Many<T>(Random r, int depth, Func<T> item) => [.. Enumerable.Range(0, depth > 3 ? 0 : r.Next(MaxItems)).Select(_ => item())];

    /// <summary>One or none: for collections whose order depends on the hashes of the process.</summary>
    public static List<T> Few<T>(Random r, Func<T> item) => r.Next(2) == 0 ? [] : [item()];

    public static Dictionary<TKey, TValue> Map<TKey, TValue>(Random r, int depth, Func<TKey> key, Func<TValue> value)
        where TKey : notnull
    {
        Dictionary<TKey, TValue> map = [];
        for (int count = depth > 3 ? 0 : r.Next(MaxItems); count > 0; count--)
        {
            map[key()] = value();
        }

        return map;
    }
}
