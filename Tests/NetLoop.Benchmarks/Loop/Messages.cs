using NetLoop.Benchmarks.Codec;

namespace NetLoop.Benchmarks.Loop;

/// <summary>A move, echoed unchanged.</summary>
[NetMessage(100)]
public readonly partial record struct Move([property: Key(0)] PlayerMove Value);

/// <summary>Any bytes, echoed unchanged.</summary>
[NetMessage(103)]
public readonly partial record struct Blob([property: Key(0)] BorrowedBytes Bytes);
