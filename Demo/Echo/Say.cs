namespace NetLoop.Demo.Echo;

/// <summary>A text for everybody, sent to every session of the server, including the sender's.</summary>
[NetMessage(102)]
internal readonly partial record struct Say([property: Key(0)] string Text);
