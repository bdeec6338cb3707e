using MessagePack;

namespace NetLoop.Demo.Echo;

/// <summary>A line of chat with its emotes and mentions. Sent to every session of the server, including the sender's.</summary>
/// <remarks>The engine cannot serialize these members, so MessagePack-CSharp does. It turns nil into null, even for types that are not nullable.</remarks>
[NetMessage(104, Codec = typeof(MessagePackSerializerCodec<ChatOptions>))]
[MessagePackObject]
internal sealed partial class Rich
{
    /// <summary>The line as it was typed.</summary>
    [Key(0)]
    public string Text { get; init => field = value ?? ""; } = "";

    /// <summary>The positions of emotes, by their names without colons.</summary>
    [Key(1)]
    public SortedDictionary<string, List<Range>> Emotes { get; init => field = value ?? []; } = [];

    /// <summary>The positions of mentions, by the names without "@".</summary>
    [Key(2)]
    public SortedDictionary<string, List<Range>> Mentions { get; init => field = value ?? []; } = [];
}
