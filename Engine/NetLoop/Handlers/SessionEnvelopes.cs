#pragma warning disable CA1031 // Application code runs here: an exception costs only its own session.

using NetLoop.Buffers;
using NetLoop.Messaging;

namespace NetLoop.Handlers;

/// <summary>A session opened. Precedes its first message.</summary>
internal sealed class OpenedEnvelope(HandlerTable table, Session session) : Envelope
{
    public override string HandlerName => "OnOpened";

    public override void Deliver() => table.RaiseOpened(session);

    public override void Discard()
    {
    }
}

/// <summary>A session closed. Follows its last message.</summary>
internal sealed class ClosedEnvelope(HandlerTable table, Session session, CloseInfo info) : Envelope
{
    public override string HandlerName => "OnClosed";

    public override void Deliver() => table.RaiseClosed(session, info);

    public override void Discard() => Deliver();
}

/// <summary>A session has closed: cancels the token of handlers that still run for it.</summary>
internal sealed class CancellationEnvelope(HandlerTable table, Session session, CancellationTokenSource closed) : Envelope
{
    public override string HandlerName => "Session.Closed";

    public override void Deliver()
    {
        try
        {
            closed.Cancel();
        }
        catch (Exception exception)
        {
            table.OnFault(HandlerName, session, exception, closesSession: false);
        }
    }

    public override void Discard() => Deliver();
}

/// <summary>A session's input ended. Follows its last message.</summary>
internal sealed class EndOfInputEnvelope(Session session) : Envelope
{
    public override void Deliver() => session.OnInputHandled();

    public override void Discard()
    {
    }
}

/// <summary>A body of a raw protocol, copied out of the receive buffer.</summary>
internal sealed class RawEnvelope : Envelope
{
    private readonly HandlerTable _table;
    private readonly Session _session;
    private readonly int _length;
    private Lease _body;

    private RawEnvelope(HandlerTable table, Session session, Lease ownedBody, int length)
    {
        _table = table;
        _session = session;
        _body = ownedBody;
        _length = length;
        ChargedBytes = length;
    }

    public override string HandlerName => "raw";

    /// <summary>Copies a body.</summary>
    /// <returns>Null if the pool is exhausted.</returns>
    public static RawEnvelope? Create(HandlerTable table, Session session, ReadOnlySpan<byte> body)
    {
        if (!session.Services.Transport.Pool.TryRent(Math.Max(1, body.Length), nameof(RawEnvelope), out Lease lease))
        {
            return null;
        }

        body.CopyTo(lease.Span);
        return new RawEnvelope(table, session, lease, body.Length);
    }

    public override void Deliver()
    {
        try
        {
            if (!_session.IsInputDropped)
            {
                _table.RawHandler?.Invoke(_session, _body.Span[.._length]);
            }
        }
        catch (Exception exception)
        {
            _table.OnFault(HandlerName, _session, exception, closesSession: true);
        }

        Discard();
    }

    public override void Discard()
    {
        _body.Return();
        _body = default;
    }
}
