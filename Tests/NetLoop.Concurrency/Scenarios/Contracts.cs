namespace NetLoop.Concurrency.Scenarios;

[NetMessage(70)]
internal readonly partial record struct Number([property: Key(0)] int Value);

[NetMessage(71)]
internal readonly partial record struct Ask([property: Key(0)] int Value) : INetRequest<Answer>;

[NetContract]
internal readonly partial record struct Answer([property: Key(0)] int Value);
