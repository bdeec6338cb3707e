using MessagePack;

namespace NetLoop.Demo.Echo;

/// <summary>A line of chat with what is in it: emotes and the people it speaks to. Sent to every session of the server, the sender's too.</summary>
/// <remarks>Its members have no form of the engine's own, so MessagePack-CSharp writes them. It makes null of nil, whatever a type says.</remarks>
[NetMessage(104, Codec = typeof(MessagePackSerializerCodec<ChatOptions>))]
[MessagePackObject]
internal sealed partial class Rich
{
    /// <summary>The line as it was typed.</summary>
    [Key(0)]
    public string Text { get; init => field = value ?? ""; } = "";

    /// <summary>Where emotes are, by their name without colons.</summary>
    [Key(1)]
    public SortedDictionary<string, List<Range>> Emotes { get; init => field = value ?? []; } = [];

    /// <summary>Where people are spoken to, by their name without "@".</summary>
    [Key(2)]
    public SortedDictionary<string, List<Range>> Mentions { get; init => field = value ?? []; } = [];
}
