#pragma warning disable CA1031 // Application code runs here: an exception has no other effect.

using NetLoop.Messaging;

namespace NetLoop.Hosting.Client;

/// <summary>Tells the application that its client waits before it reconnects.</summary>
internal sealed class WaitingEnvelope(HandlerTable table, Session session, Action<ReconnectAttempt> handler, ReconnectAttempt attempt) : Envelope
{
    public override string HandlerName => "Reconnect.OnWaiting";

    public override void Deliver()
    {
        try
        {
            handler(attempt);
        }
        catch (Exception exception)
        {
            table.OnFault(HandlerName, session, exception, closesSession: false);
        }
    }

    public override void Discard()
    {
    }
}
