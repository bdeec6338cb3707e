namespace NetLoop.Worlds;

/// <summary>A client's message; the numbers of one session have no gap.</summary>
[NetMessage(64)]
internal readonly partial record struct Move(
    [property: Key(0)] int Client,
    [property: Key(1)] int Life,
    [property: Key(2)] long Number,
    [property: Key(3)] ulong Check);

/// <summary>A client's message with bytes of any length; numbered together with <see cref="Move"/>.</summary>
[NetMessage(65)]
internal readonly partial record struct Parcel(
    [property: Key(0)] int Client,
    [property: Key(1)] int Life,
    [property: Key(2)] long Number,
    [property: Key(3)] ulong Check,
    [property: Key(4)] BorrowedBytes Filler);

/// <summary>The server's message to one session; the numbers of one session have no gap.</summary>
[NetMessage(66)]
internal readonly partial record struct Push(
    [property: Key(0)] ulong Session,
    [property: Key(1)] int Boot,
    [property: Key(2)] long Number,
    [property: Key(3)] ulong Check,
    [property: Key(4)] BorrowedBytes Filler);

/// <summary>The server's message to everybody; its numbers have no gap.</summary>
[NetMessage(67)]
internal readonly partial record struct News([property: Key(0)] int Boot, [property: Key(1)] long Number);

/// <summary>A request of a client.</summary>
[NetMessage(68)]
internal readonly partial record struct Ask([property: Key(0)] long Number, [property: Key(1)] int Mode) : INetRequest<Answer>;

/// <summary>A request of a client that is handled by a worker.</summary>
[NetMessage(69)]
internal readonly partial record struct AskWorker([property: Key(0)] long Number) : INetRequest<Answer>;

/// <summary>A request of the server.</summary>
[NetMessage(70)]
internal readonly partial record struct AskBack([property: Key(0)] long Number) : INetRequest<Answer>;

/// <summary>The response to a request: its number, and a number computed from it.</summary>
[NetContract]
internal readonly partial record struct Answer([property: Key(0)] long Number, [property: Key(1)] ulong Check);

/// <summary>Asks the server to send the same back; for measuring allocations.</summary>
[NetMessage(71)]
internal readonly partial record struct Steady([property: Key(0)] long Number);
