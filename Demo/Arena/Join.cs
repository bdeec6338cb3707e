namespace NetLoop.Demo.Arena;

/// <summary>Client to server, once: asks to enter the arena. Sessions that do not join get no snapshots.</summary>
[NetMessage(110)]
internal readonly partial record struct Join;
