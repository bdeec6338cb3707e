using System.Numerics;

namespace NetLoop.Worlds.Guests;

/// <summary>Draws values, preferably those at the limits of their types.</summary>
internal sealed class Values(SeededRandom random)
{
    private static readonly string[] Texts =
    [
        "",
        "a",
        "ß",
        "漢字",
        "😀🚀",
        "\0\u0001",
        "naïve café",
        new string('x', 31),
        new string('y', 32),
        new string('é', 128),
        new string('z', 255),
        new string('w', 256),
    ];

    /// <summary>An integer near a power of two, of either sign, between two bounds.</summary>
    public Int128 Whole(Int128 least, Int128 most)
    {
        while (true)
        {
            Int128 power = Int128.One << random.Next(127);
            Int128 value = (random.Chance(0.5) ? power : -power) + random.Between(-2, 2);
            if (random.Chance(0.2))
            {
                value = random.Chance(0.5) ? least : most;
            }

            if (value >= least && value <= most)
            {
                return value;
            }
        }
    }

    public double Real() => random.Next(8) switch
    {
        0 => 0,
        1 => double.MaxValue,
        2 => double.Epsilon,
        3 => double.NegativeInfinity,
        4 => double.NaN,
        5 => random.Between(-1_000_000, 1_000_000),
        _ => (random.NextDouble() - 0.5) * Math.Pow(10, random.Between(-20, 20)),
    };

    public float Single() => random.Next(6) switch
    {
        0 => 0,
        1 => float.MaxValue,
        2 => float.Epsilon,
        3 => random.Between(-1_000_000, 1_000_000),
        _ => (float)((random.NextDouble() - 0.5) * Math.Pow(10, random.Between(-10, 10))),
    };

    public string Text() => random.Chance(0.7) ? Texts[random.Next(Texts.Length)] : new string((char)random.Between('a', 'z'), random.Next(300));

    public byte[] Bytes(int most = 300)
    {
        byte[] bytes = new byte[random.Chance(0.2) ? 0 : random.Next(most)];
        foreach (ref byte one in bytes.AsSpan())
        {
            one = (byte)random.Next(256);
        }

        return bytes;
    }

    public T[] Many<T>(Func<T> one, int most = 40)
    {
        var all = new T[random.Chance(0.15) ? 0 : random.Next(random.Chance(0.2) ? most : 6)];
        for (int i = 0; i < all.Length; i++)
        {
            all[i] = one();
        }

        return all;
    }

    public T? Maybe<T>(Func<T> one)
        where T : struct => random.Chance(0.3) ? null : one();

    public int Int() => (int)Whole(int.MinValue, int.MaxValue);

    public long Long() => (long)Whole(long.MinValue, long.MaxValue);

    public Vector3 Place() => new(Single(), Single(), Single());

    public Guid Guid() => new(random.Between(int.MinValue, int.MaxValue), (short)random.Next(30_000), 3, 1, 2, 3, 4, 5, 6, (byte)random.Next(256), 8);

    public Numbers Numbers() => new(
        random.Chance(0.5),
        (byte)Whole(0, byte.MaxValue),
        (sbyte)Whole(sbyte.MinValue, sbyte.MaxValue),
        (ushort)Whole(0, ushort.MaxValue),
        (short)Whole(short.MinValue, short.MaxValue),
        (char)Whole(0, char.MaxValue),
        (uint)Whole(0, uint.MaxValue),
        Int(),
        (ulong)Whole(0, ulong.MaxValue),
        Long(),
        Single(),
        Real(),
        random.Chance(0.3)
            ? decimal.MinValue
            : new decimal(random.Between(int.MinValue, int.MaxValue), random.Next(1000), random.Next(100), random.Chance(0.5), (byte)random.Next(29)),
        (Half)random.Between(-500, 500),
        Whole(Int128.MinValue, Int128.MaxValue),
        (UInt128)Whole(0, Int128.MaxValue) + (random.Chance(0.5) ? UInt128.One << 127 : 0),
        BigInteger.Pow(random.Between(-9, 9), random.Next(40)) + random.Next(3),
        new Complex(Real(), Real()));

    public Pose Pose() => new(
        Int(),
        new Vector2(Single(), Single()),
        Place(),
        new Quaternion(Single(), Single(), Single(), Single()),
        new Vector4(Single(), Single(), Single(), Single()),
        Single(),
        Real(),
        (ulong)Whole(0, ulong.MaxValue),
        random.Chance(0.5),
        (char)Whole(0, char.MaxValue));

    public Tally Tally() => new(
        (short)Whole(short.MinValue, short.MaxValue),
        (sbyte)Whole(sbyte.MinValue, sbyte.MaxValue),
        (char)Whole(0, char.MaxValue),
        Long(),
        (ushort)Whole(0, ushort.MaxValue),
        (byte)Whole(0, byte.MaxValue),
        (uint)Whole(0, uint.MaxValue),
        random.Chance(0.5) ? Mood.Low : Mood.High);

    public Things Things() => new()
    {
        At = new DateTime(random.Between(0L, DateTime.MaxValue.Ticks), DateTimeKind.Utc),
        Zoned = new DateTimeOffset(
            random.Between(TimeSpan.TicksPerDay, DateTime.MaxValue.Ticks - TimeSpan.TicksPerDay), TimeSpan.FromMinutes(random.Between(-840, 840))),
        Span = TimeSpan.FromTicks(Long()),
        Date = DateOnly.FromDayNumber(random.Between(0, DateOnly.MaxValue.DayNumber)),
        Time = new TimeOnly(random.Between(0L, TimeOnly.MaxValue.Ticks)),
        Guid = Guid(),
        Version = random.Next(3) switch { 0 => new Version(1, 2), 1 => new Version(1, 0, int.MaxValue), _ => new Version(1, 2, 3, random.Next(100_000)) },
        Uri = new Uri(random.Chance(0.5) ? "http://example.org/a?b=c#d" : "relative/path", UriKind.RelativeOrAbsolute),
        Text = Text(),
        Plane = new Plane(Place(), Single()),
        Flat = new Matrix3x2(Single(), Single(), Single(), Single(), Single(), Single()),
        Deep = new Matrix4x4(
            Single(),
            Single(),
            Single(),
            Single(),
            Single(),
            Single(),
            Single(),
            Single(),
            Single(),
            Single(),
            Single(),
            Single(),
            Single(),
            Single(),
            Single(),
            Single()),
        MaybePlace = Maybe(Place),
        Bytes = Bytes(),
        Memory = Bytes(),
        Fixed = Bytes(),
        Segment = new ArraySegment<byte>(Bytes()),
        Mood = random.Chance(0.5) ? Mood.Low : Mood.High,
        MaybeMood = Maybe(static () => Mood.Low),
    };

    public Crowds Crowds()
    {
        Vector3[] places = Many(Place);
        return new Crowds
        {
            Places = [.. places],
            Aims = [.. places.Select(static place => new Vector2(place.X, place.Y))],
            Colors = [.. places.Select(static place => new Vector4(place, place.X))],
            Turns = [.. places.Select(static place => new Quaternion(place, place.Y))],
            Array = Many(Int, 300),
            List = [.. Many(Text, 20)],
            ListInterface = Many(Long).ToList(),
            Collection = Many(() => (short)Whole(short.MinValue, short.MaxValue)).ToList(),
            ReadOnlyList = Many(Real),
            ReadOnlyCollection = Many(() => random.Chance(0.5)),
            Enumerable = Many(() => (uint)Whole(0, uint.MaxValue)),
            Queue = new Queue<int>(Many(Int)),
            Stack = new Stack<int>(Many(Int)),
            Linked = new LinkedList<string>(Many(Text, 20)),
            Set = [.. Many(Int)],
            SetInterface = new HashSet<string>(Many(Text, 20)),
            ReadOnlySet = new HashSet<long>(Many(Long)),
            ImmutableArray = [.. Many(Int)],
            ImmutableList = [.. Many(Text, 20)],
            ImmutableSet = [.. Many(Int)],
            Map = Many(Int).Distinct().ToDictionary(static key => key, _ => Text()),
            MapInterface = Many(Text, 20).Distinct().ToDictionary(static key => key, _ => Long()),
            ReadOnlyMap = Many(Guid).Distinct().ToDictionary(static key => key, _ => Int()),
            ImmutableMap = System.Collections.Immutable.ImmutableDictionary.CreateRange(
                Many(Text, 20).Distinct().Select(key => KeyValuePair.Create(key, Int()))),
            Pair = new KeyValuePair<int, string>(Int(), Text()),
            Points = Many(() => new Point(Int(), Int())),
            Floats = Many(Single, 300),
            Blobs = [.. Many(() => Bytes(100), 10)],
        };
    }

    public Options Options(int depth = 0) => new()
    {
        Int = Maybe(Int),
        Long = Maybe(Long),
        Double = Maybe(Real),
        Text = random.Chance(0.3) ? null : Text(),
        Guid = Maybe(Guid),
        Point = Maybe(() => new Point(Int(), Int())),
        Things = random.Chance(0.5) ? null : Things(),
        Beast = random.Chance(0.3) ? null : Beast(),
        Beasts = [.. Many(Beast)],
        Maybe = [.. Many(() => Maybe(Int))],
        Words = random.Chance(0.3) ? null : Many(() => random.Chance(0.3) ? null : Text(), 10),
        Pair = (Int(), Text()),
        Boxed = new Boxed<Point>(new Point(Int(), Int()), Int()),
        Next = depth < 3 && random.Chance(0.4) ? Options(depth + 1) : null,
    };

    private Beast Beast() => random.Chance(0.5) ? new Cat(Int()) : new Dog(Text(), random.Chance(0.5));
}
