namespace NetLoop.Fuzzing.Targets;

/// <summary>All targets. A new parser of bytes from a peer gets a line here, and a file of first inputs in Corpus.</summary>
internal static class FuzzTargets
{
    /// <summary>Creates all targets.</summary>
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
        new NetcodeTarget(),
        new TokensTarget(),
        new LinkTarget(),
        new StackTarget(),
    ];
}
