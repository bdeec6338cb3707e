namespace NetLoop.Transports.Streams;

/// <summary>How bodies travel in a stream of bytes: cuts what arrives, frames what is sent, and may open and close by a handshake of its own.</summary>
/// <remarks>
/// Thread: loop. A protocol with state belongs to one connection; one without state is shared. The default of each member is what plain frames need.
/// </remarks>
internal abstract class StreamProtocol
{
    /// <summary>The framing of bodies.</summary>
    public abstract IFrameWriter Framing { get; }

    /// <summary>Whether it keeps no state, so that a parked connection can continue with the same object.</summary>
    public virtual bool IsStateless => false;

    /// <summary>Whether bodies can be sent only after a handshake of the protocol.</summary>
    public virtual bool OpensByHandshake => false;

    /// <summary>Nanoseconds that the handshake may take.</summary>
    public virtual long HandshakeTimeout => 0;

    /// <summary>Whether this side answers the handshake, and so can tell the peer why it fails.</summary>
    public virtual bool AnswersHandshake => false;

    /// <summary>False after a frame could not be encoded: what is queued must not be sent.</summary>
    public virtual bool CanSend => true;

    /// <summary>Whether it has something to send that is not queued.</summary>
    public virtual bool HasUnqueued => false;

    /// <summary>Whether a body has begun whose bytes the protocol holds rather than the connection.</summary>
    public virtual bool IsInBody => false;

    /// <summary>Whether this side has sent its close and waits for the peer's.</summary>
    public virtual bool AwaitsPeerClose => false;

    /// <summary>Explains, for people, that the peer's stream ended without the close message of the protocol; empty for a protocol without one.</summary>
    public virtual string EndOfStreamText => "";

    /// <summary>Whether this side may end its half of the stream before the peer does.</summary>
    public virtual bool MayEndStreamFirst => true;

    /// <summary>Bytes of input that it holds in addition to the connection's.</summary>
    public virtual int HeldBytes => 0;

    /// <summary>Memory of the pool that they occupy, in bytes.</summary>
    public virtual int HeldBlockBytes => 0;

    /// <summary>Blocks of the pool it holds.</summary>
    public virtual int LeaseCount => 0;

    /// <summary>Whether input is read in a state; otherwise it is discarded.</summary>
    public abstract bool Reads(ConnectionState state);

    /// <summary>Finds room for the next receive.</summary>
    /// <returns>False when there is none; the connection has been told why.</returns>
    public abstract bool TryMakeRoom(StreamConnection connection, out Span<byte> room);

    /// <summary>Takes what was received.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="bytes">The front of the room.</param>
    public abstract void OnReceived(StreamConnection connection, Span<byte> bytes);

    /// <summary>Delivers the whole bodies among the bytes, as far as the owner has room.</summary>
    /// <returns>Number of bytes consumed.</returns>
    public abstract int Cut(StreamConnection connection, Span<byte> bytes);

    /// <summary>The subprotocol that the server chose in the handshake; null for none.</summary>
    public virtual string? Subprotocol => null;

    /// <summary>Reads the request with which the peer asked for the connection; null if there was none, or it is not kept.</summary>
    public virtual HttpUpgrade? ReadUpgrade() => null;

    /// <summary>The session's handshake is complete: bodies may have full length from now on.</summary>
    /// <returns>The protocol that the connection uses from now on.</returns>
    public virtual StreamProtocol Admit() => this;

    /// <summary>Called when the socket is connected: sends the beginning of the handshake, if this side begins it.</summary>
    public virtual void BeginHandshake(StreamConnection connection)
    {
    }

    /// <summary>The handshake took too long.</summary>
    public virtual void OnHandshakeTimedOut(StreamConnection connection)
    {
    }

    /// <summary>The peer ended the stream during the handshake.</summary>
    public virtual void OnEndOfHandshake(StreamConnection connection)
    {
    }

    /// <summary>Stops delivering bodies; the peer's close may still be read.</summary>
    public virtual void EndInput()
    {
    }

    /// <summary>Queues this side's close, if the protocol has one.</summary>
    public virtual void Close(StreamConnection connection, CloseReason reason, string text)
    {
    }

    /// <summary>Called before a flush: queues what the protocol has to send.</summary>
    public virtual void BeforeFlush(StreamConnection connection)
    {
    }

    /// <summary>Returns all memory. May be called more than once.</summary>
    public virtual void Release()
    {
    }
}
