using NetLoop;

namespace HostedServer;

/// <summary>Reports that a player has scored; the server stores it.</summary>
[NetMessage(310)]
public readonly partial record struct Scored([property: Key(0)] string Player, [property: Key(1)] int Points);

/// <summary>A request, which declares its response.</summary>
[NetMessage(311)]
public readonly partial record struct AskStanding([property: Key(0)] string Player) : INetRequest<Standing>;

/// <summary>The points of a player.</summary>
[NetContract]
public readonly partial record struct Standing([property: Key(0)] int Points);
