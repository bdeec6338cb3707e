namespace NetLoop.Demo.Echo;

/// <summary>Any bytes; echoed unchanged.</summary>
[NetMessage(103)]
internal readonly partial record struct Blob([property: Key(0)] BorrowedBytes Bytes);
