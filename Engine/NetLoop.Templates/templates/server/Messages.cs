using NetLoop;

namespace NetLoopServer;

/// <summary>A client sends it; the server sends it to everybody.</summary>
[NetMessage(80)]
public readonly partial record struct Shout([property: Key(0)] string Text);

/// <summary>A request, which declares its response.</summary>
[NetMessage(81)]
public readonly partial record struct CountShouts : INetRequest<Census>;

/// <summary>How many are here, and how many shouts there were.</summary>
[NetContract]
public readonly partial record struct Census([property: Key(0)] int Sessions, [property: Key(1)] int Shouts);
