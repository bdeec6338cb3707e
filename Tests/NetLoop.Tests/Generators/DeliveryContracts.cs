namespace NetLoop.Tests.Generators;

[NetMessage(61_001, Delivery = Delivery.Sequenced, Channel = 3, ConflateBy = nameof(EntityId))]
internal readonly partial record struct Steering([property: Key(0)] long EntityId, [property: Key(1)] float Angle);

[NetMessage(61_002)]
internal readonly partial record struct Plain([property: Key(0)] int Value);

[NetMessage(61_003, Delivery = Delivery.Sequenced, ConflateBy = nameof(Entity))]
internal readonly partial record struct Position([property: Key(0)] int Entity, [property: Key(1)] int Tick);
