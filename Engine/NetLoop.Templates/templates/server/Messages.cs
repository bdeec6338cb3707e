using NetLoop;

namespace NetLoopServer;

/// <summary>A client sends this, and the server sends it on to everybody.</summary>
[NetMessage(80)]
public readonly partial record struct Shout([property: Key(0)] string Text);

/// <summary>A request, which declares its response.</summary>
[NetMessage(81)]
public readonly partial record struct CountShouts : INetRequest<Census>;

/// <summary>The number of sessions, and of shouts so far.</summary>
[NetContract]
public readonly partial record struct Census([property: Key(0)] int Sessions, [property: Key(1)] int Shouts);
