namespace NetLoop.Tests.Foreign;

/// <summary>A message whose members only MessagePack-CSharp can write.</summary>
[NetMessage(210, Codec = typeof(MessagePackSerializerCodec))]
[global::MessagePack.MessagePackObject]
public sealed partial class Blueprint
{
    [Key(0)]
    public int[,] Grid { get; set; } = new int[0, 0];

    [Key(1)]
    public SortedDictionary<string, object?> Notes { get; set; } = [];
}

/// <summary>A message with its own formatter.</summary>
[NetMessage(211, Codec = typeof(MessagePackSerializerCodec<RungOptions>))]
[global::MessagePack.MessagePackObject]
public readonly partial record struct Ladder([property: Key(0)] List<Rung> Rungs);
