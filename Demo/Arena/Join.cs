namespace NetLoop.Demo.Arena;

/// <summary>Client to server, once: let me into the arena. Sessions that never ask are left in peace.</summary>
[NetMessage(110)]
internal readonly partial record struct Join;
