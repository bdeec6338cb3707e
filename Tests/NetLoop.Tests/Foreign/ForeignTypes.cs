using System.Collections;
using MessagePack;
using MessagePack.Formatters;
using MessagePack.Resolvers;

namespace NetLoop.Tests.Foreign;

/// <summary>
/// Types that MessagePack-CSharp can serialize and the source generator rejects: not partial, and full of types that the engine cannot serialize.
/// </summary>
[MessagePackObject]
public sealed class Workshop
{
    [Key(0)]
    public int[,] Grid { get; set; } = new int[0, 0];

    [Key(1)]
    public SortedDictionary<string, object?> Notes { get; set; } = [];

    [Key(2)]
    public BitArray Flags { get; set; } = new(0);

    [Key(3)]
    public Workshop? Next { get; set; }
}

/// <summary>A key whose hash code a peer could choose if the hash had no secret key.</summary>
public readonly record struct Rung(int Length, string Name);

/// <summary>Writes a rung as one string; it needs its own resolver.</summary>
public sealed class RungFormatter : IMessagePackFormatter<Rung>
{
    /// <summary>Options with that resolver.</summary>
    public static MessagePackSerializerOptions Options { get; } =
        MessagePackSerializerOptions.Standard.WithResolver(CompositeResolver.Create([new RungFormatter()], [StandardResolver.Instance]));

    public void Serialize(ref MessagePackWriter writer, Rung value, MessagePackSerializerOptions options)
    {
        if (value.Length < 0)
        {
            throw new InvalidOperationException("a rung has no negative length");
        }

        writer.Write($"{value.Length}:{value.Name}");
    }

    public Rung Deserialize(ref MessagePackReader reader, MessagePackSerializerOptions options)
    {
        string[] parts = reader.ReadString()!.Split(':');
        return new Rung(int.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture), parts[1]);
    }
}

/// <summary>Passes these options to the codec.</summary>
public sealed class RungOptions : IMessagePackOptions
{
    public static MessagePackSerializerOptions Options => RungFormatter.Options;
}

/// <summary>The numbers of the tests' types, which the whole process shares.</summary>
internal static class ForeignNumbers
{
    public static void AddAll(MessageTypes types) => types
        .Add<Dictionary<string, List<int>>>(200)
        .Add<Workshop>(201)
        .Add<Rung>(202, RungFormatter.Options)
        .Add<(int, string)>(203)
        .Add<int[,]>(204)
        .AddResponse<SortedDictionary<int, string>>();
}
