namespace NetLoop.Benchmarks.EndToEnd;

/// <summary>The broadcast of a tick.</summary>
[NetMessage(200)]
internal readonly partial record struct Snapshot([property: Key(0)] ReadOnlyMemory<byte> State)
{
    /// <summary>Size with the frame.</summary>
    public const int FrameBytes = 200;

    /// <summary>A snapshot whose frame has <see cref="FrameBytes"/> bytes.</summary>
    public static Snapshot Create()
    {
        // Length, [2, type, [state]] with the type in two bytes and the state's length in one.
        const int headerBytes = 4;
        const int wrapping = 2 + 2 + 1 + 2;
        var state = new byte[FrameBytes - headerBytes - wrapping];
        state.AsSpan().Fill(0x22);
        return new Snapshot(state);
    }
}
