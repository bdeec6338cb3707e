using NetLoop.Framing;
using static NetLoop.Diagnostics.OptionCheck;

namespace NetLoop;

/// <summary>Options that listeners and clients share: the limits and the protocol of their sessions.</summary>
public abstract class EndpointOptions : SessionOptions
{
    private protected EndpointOptions()
    {
    }

    /// <summary>Whether a session opens with Hello. Both sides must have the same value.</summary>
    public HelloMode Hello { get; set; } = HelloMode.Required;

    /// <summary>
    /// Whether requests from the other side may have a W3C trace context, which the activity around the handler continues. This is announced to the other
    /// side, which must set <c>SendTraceContext</c>. The sender chooses the trace and whether it is sampled, so enable this for peers that you trust.
    /// </summary>
    public bool AcceptTraceContext { get; set; }

    /// <summary>Creates the framer for MessagePack bodies, once for each session; null for length prefixes.</summary>
    public Func<IFramer>? Framer { get; set; }

    /// <summary>The handler of a raw protocol's bodies; set by <c>UseRawProtocol</c>.</summary>
    internal RawHandler? RawHandler { get; private set; }

    /// <summary>
    /// Makes the listener or client speak a raw protocol, without Hello, MessagePack or Ping. Each body that the framer cuts goes to the handler.
    /// </summary>
    /// <param name="framer">Creates a framer; called once for each session.</param>
    /// <param name="handler">Receives each body; sends with <see cref="Session.SendRaw"/>.</param>
    public void UseRawProtocol(Func<IFramer> framer, RawHandler handler)
    {
        ArgumentNullException.ThrowIfNull(framer);
        ArgumentNullException.ThrowIfNull(handler);
        Framer = framer;
        RawHandler = handler;
        Hello = HelloMode.None;
    }

    /// <summary>Makes a WebSocket listener or client speak a raw protocol, without Hello, MessagePack or Ping. Each message goes to the handler.</summary>
    /// <param name="handler">Receives each message; sends with <see cref="Session.SendRaw"/>.</param>
    public void UseRawProtocol(RawHandler handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        RawHandler = handler;
        Hello = HelloMode.None;
    }

    /// <summary>Checks the framer.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It does not fit the endpoint or has invalid limits.</exception>
    internal void ValidateFraming(bool isWebSocket)
    {
        Require(!isWebSocket || Framer is null, nameof(Framer), Framer?.GetType().Name ?? "", "none over WebSocket, where a message is a body");
        Require(isWebSocket || RawHandler is null || Framer is not null, nameof(Framer), "null", "a framer for a raw protocol on a stream");
        if (Framer is not null)
        {
            // Create one as a check, so that a wrong framer is found before the first client connects.
            IFramer framer = Framer();
            Require(
                framer.MaxBodyBytes is >= 1 and <= FramerLimit.MaxBodyBytes,
                nameof(Framer),
                framer.MaxBodyBytes,
                "a framer with MaxBodyBytes of 1 to 16777216");
            Require(framer.HeaderBytes is >= 0 and <= FramerLimit.MaxHeaderBytes, nameof(Framer), framer.HeaderBytes, "a framer with HeaderBytes of 0 to 64");
            Require(
                framer is not IVariableFrameWriter || framer.Trailer.Length == 0, nameof(Framer), framer.Trailer.Length, "no Trailer with variable headers");
            Require(framer.Trailer.Length <= FramerLimit.MaxTrailerBytes, nameof(Framer), framer.Trailer.Length, "a framer with a Trailer of at most 16 bytes");
        }
    }
}
