namespace NetLoop.Tests.Hosting;

[NetMessage(70)]
internal readonly partial record struct PlayerMove(
    [property: Key(0)] uint Sequence,
    [property: Key(1)] float X,
    [property: Key(2)] float Y,
    [property: Key(3)] float Z,
    [property: Key(4)] float Yaw,
    [property: Key(5)] byte Buttons);

[NetMessage(71)]
internal readonly partial record struct Divide([property: Key(0)] double Value, [property: Key(1)] double By) : INetRequest<Quotient>;

[NetContract]
internal readonly partial record struct Quotient([property: Key(0)] double Value);

[NetContract]
internal readonly partial record struct Text([property: Key(0)] string Value);

[NetMessage(72)]
internal readonly partial record struct Say([property: Key(0)] string Text);

[NetMessage(73)]
internal readonly partial record struct Blob([property: Key(0)] byte[] Bytes);

[NetMessage(74)]
internal readonly partial record struct Numbered([property: Key(0)] int Number, [property: Key(1)] byte[] Filler);

[NetMessage(75)]
internal readonly partial record struct Lent([property: Key(0)] int Number, [property: Key(1)] BorrowedBytes Bytes);
