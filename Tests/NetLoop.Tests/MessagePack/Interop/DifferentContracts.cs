#pragma warning disable CA1040 // An interface that only names a union is what unions are for.
using System.Collections.Immutable;
using System.Numerics;
using MessagePack;

namespace NetLoop.Tests.MessagePack.Interop;

[MessagePackObject]
public partial record struct Unset([property: Key(0)] ImmutableArray<int> Items, [property: Key(1)] ArraySegment<byte> Bytes);

[MessagePackObject]
public partial record struct Wide([property: Key(0)] Int128 Signed, [property: Key(1)] UInt128 Unsigned);

[MessagePackObject]
public partial record struct Identified([property: Key(0)] Guid Id);

[MessagePackObject]
public partial record struct Promised([property: Key(0)] string Text);

[MessagePackObject]
public partial record struct Flat([property: Key(0)] Plane Plane);

[Union(0, typeof(Listed))]
public partial interface ISome;

[MessagePackObject]
public partial record Listed([property: Key(0)] int X) : ISome;

public sealed record Unlisted : ISome;

[MessagePackObject]
public partial record Owner([property: Key(0)] ISome? Some);
