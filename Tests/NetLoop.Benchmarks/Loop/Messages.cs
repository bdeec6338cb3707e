using NetLoop.Benchmarks.Codec;

namespace NetLoop.Benchmarks.Loop;

/// <summary>A move, sent back as it came.</summary>
[NetMessage(100)]
public readonly partial record struct Move([property: Key(0)] PlayerMove Value);

/// <summary>Any bytes, sent back as they came.</summary>
[NetMessage(103)]
public readonly partial record struct Blob([property: Key(0)] BorrowedBytes Bytes);
