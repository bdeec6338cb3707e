using NetLoop.Framing;
using NetLoop.Messaging;
using NetLoop.Sessions;

namespace NetLoop.Simulation;

/// <summary>Keeps the messages that a client receives, whether or not they have a handler.</summary>
internal sealed class RecordingDispatcher(IDispatcher handlers, Action<int, ReadOnlySpan<byte>> keep) : IDispatcher
{
    public DispatchVerdict DispatchMessage(Session session, int type, ref NetReader payload, ref BodyBatch bodies)
    {
        ReadOnlySpan<byte> bytes = payload.Unread;
        int headerBytes = bodies.First.Length - bytes.Length;
        BodyBatch taken = bodies;
        DispatchVerdict verdict = handlers.DispatchMessage(session, type, ref payload, ref bodies);
        if (verdict == DispatchVerdict.Unknown)
        {
            verdict = payload.TrySkip() && payload.TryEnd() ? DispatchVerdict.Accepted : DispatchVerdict.Malformed;
        }

        if (verdict == DispatchVerdict.Accepted)
        {
            keep(type, bytes);
            while (taken.TakenBodies < bodies.TakenBodies && taken.TryPeekNext(out ReadOnlySpan<byte> body))
            {
                keep(type, body[headerBytes..]);
                taken.TakeNext();
            }
        }

        return verdict;
    }

    public DispatchVerdict DispatchRequest(Session session, uint id, int type, ref NetReader payload, int bodyBytes, RemoteTrace? trace) =>
        handlers.DispatchRequest(session, id, type, ref payload, bodyBytes, trace);

    public bool DispatchRaw(Session session, ReadOnlySpan<byte> body) => handlers.DispatchRaw(session, body);

    public void DispatchOpened(Session session) => handlers.DispatchOpened(session);

    public void DispatchEndOfInput(Session session) => handlers.DispatchEndOfInput(session);

    public void DispatchCancellation(Session session, CancellationTokenSource closed) => handlers.DispatchCancellation(session, closed);

    public void DispatchClosed(Session session, CloseInfo info) => handlers.DispatchClosed(session, info);
}
