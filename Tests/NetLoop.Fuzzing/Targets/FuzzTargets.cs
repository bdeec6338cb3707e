namespace NetLoop.Fuzzing.Targets;

/// <summary>Everything that can be fuzzed. A new parser of bytes from a peer gets its line here, and a file of inputs to begin with in Corpus.</summary>
internal static class FuzzTargets
{
    /// <summary>Makes each of them anew.</summary>
    public static IReadOnlyList<IFuzzTarget> Create() =>
    [
        new ReaderTarget(),
        new SkipTarget(),
        new TypedTarget(),
        new SerializerTarget(),
        new FramesTarget(),
        new HandshakeTarget(),
        new WebSocketTarget(),
        new TlsTarget(),
        new StackTarget(),
    ];
}
