using System.ComponentModel.DataAnnotations;
using NetLoop;

namespace Tag;

/// <summary>Sets the player's speed, in fields a second.</summary>
[NetMessage(100)]
public readonly partial record struct Run([property: Key(0), Range(-TagModule.MaxSpeed, TagModule.MaxSpeed)] int Speed);

/// <summary>The position of a player.</summary>
[NetContract]
public readonly partial record struct Runner([property: Key(0)] ulong Id, [property: Key(1)] double Position);

/// <summary>The state of the game, sent after every tick.</summary>
[NetMessage(101)]
public readonly partial record struct Field([property: Key(0)] Runner[] Runners, [property: Key(1)] ulong It);
