namespace NetLoop.Transports.Streams;

/// <summary>How bodies travel in a stream of bytes: cuts what arrives, frames what is sent, and may open and close by a handshake of its own.</summary>
/// <remarks>
/// Thread: loop. One that keeps state belongs to one connection; one that keeps none is shared. What a member does by default is what plain
/// frames need.
/// </remarks>
internal abstract class StreamProtocol
{
    /// <summary>How bodies are framed.</summary>
    public abstract IFrameWriter Framing { get; }

    /// <summary>Whether it keeps no state, so that a connection can be parked and go on with the same object.</summary>
    public virtual bool IsStateless => false;

    /// <summary>Whether bodies go only after a handshake.</summary>
    public virtual bool OpensByHandshake => false;

    /// <summary>Nanoseconds that the handshake may take.</summary>
    public virtual long HandshakeTimeout => 0;

    /// <summary>Whether this side answers the handshake, and so can tell the peer why it ends.</summary>
    public virtual bool AnswersHandshake => false;

    /// <summary>Whether what is queued can be understood by the peer.</summary>
    public virtual bool CanSend => true;

    /// <summary>Whether it has something to send that is not queued.</summary>
    public virtual bool HasUnqueued => false;

    /// <summary>Whether a body has begun of which the connection holds nothing any more.</summary>
    public virtual bool IsInBody => false;

    /// <summary>Whether this side said that it closes and the peer is to say so too.</summary>
    public virtual bool AwaitsPeerClose => false;

    /// <summary>Whether this side may end its half of the stream before the peer does.</summary>
    public virtual bool MayEndStreamFirst => true;

    /// <summary>Bytes of input that it holds beside the connection.</summary>
    public virtual int HeldBytes => 0;

    /// <summary>Memory of the pool that those take.</summary>
    public virtual int HeldBlockBytes => 0;

    /// <summary>Blocks of the pool it holds.</summary>
    public virtual int LeaseCount => 0;

    /// <summary>Whether what arrives in a state is looked at; otherwise it is discarded.</summary>
    public abstract bool Reads(ConnectionState state);

    /// <summary>Finds room for the next receive.</summary>
    /// <returns>False when there is none; the connection has been told why.</returns>
    public abstract bool TryMakeRoom(StreamConnection connection, out Span<byte> room);

    /// <summary>Takes what was received.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="bytes">The front of the room.</param>
    public abstract void OnReceived(StreamConnection connection, Span<byte> bytes);

    /// <summary>Delivers the bodies among the bytes, as far as they are whole and there is room for them.</summary>
    /// <returns>How many bytes are done with.</returns>
    public abstract int Cut(StreamConnection connection, Span<byte> bytes);

    /// <summary>The peer is known: bodies of full length come from now on.</summary>
    /// <returns>What the connection goes on with.</returns>
    public virtual StreamProtocol Admit() => this;

    /// <summary>The connection is there: sends what begins the handshake, if this side does.</summary>
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

    /// <summary>Nothing more is delivered; how the peer closes may still be read.</summary>
    public virtual void EndInput()
    {
    }

    /// <summary>Queues this side's last words, if the protocol has any.</summary>
    public virtual void Close(StreamConnection connection, CloseReason reason, string text)
    {
    }

    /// <summary>Queues what it has to send, before what is queued goes out.</summary>
    public virtual void BeforeFlush(StreamConnection connection)
    {
    }

    /// <summary>Returns all memory. May be called more than once.</summary>
    public virtual void Release()
    {
    }
}
