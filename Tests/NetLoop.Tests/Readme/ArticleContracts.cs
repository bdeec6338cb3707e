using System.ComponentModel.DataAnnotations;

namespace NetLoop.Tests.Readme.Articles;

/// <summary>A client enters a room; the response says who is there.</summary>
[NetMessage(90)]
public readonly partial record struct EnterRoom([property: Key(0), StringLength(20, MinimumLength = 1)] string Room) : INetRequest<RoomEntered>;

[NetContract]
public readonly partial record struct RoomEntered([property: Key(0)] string[] Names);

[NetMessage(91)]
public readonly partial record struct Line([property: Key(0), StringLength(200)] string Text);

[NetMessage(92)]
public readonly partial record struct CloseRoom([property: Key(0), StringLength(20)] string Room);

[NetMessage(93, Delivery = Delivery.Sequenced, Channel = 1, ConflateBy = nameof(EntityId))]
public readonly partial record struct Position([property: Key(0)] int EntityId, [property: Key(1)] float X, [property: Key(2)] float Y);
