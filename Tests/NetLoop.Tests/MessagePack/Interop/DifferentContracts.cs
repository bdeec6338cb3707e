#pragma warning disable CA1040 // An interface that only names a union is what unions are for.
using System.Collections.Immutable;
using System.Numerics;
using MessagePack;

namespace NetLoop.Tests.MessagePack.Interop;

[MessagePackObject]
public partial record struct Absent([property: Key(0)] ImmutableArray<int> Items);

[MessagePackObject]
public partial record struct Flat([property: Key(0)] Plane Plane);

[Union(0, typeof(Listed))]
public partial interface ISome;

[MessagePackObject]
public partial record Listed([property: Key(0)] int X) : ISome;

public sealed record Unlisted : ISome;

[MessagePackObject]
public partial record Owner([property: Key(0)] ISome? Some);
