#pragma warning disable CA1031 // Application code runs here: an exception costs only its own session.

using NetLoop.Diagnostics;
using NetLoop.Messaging;
using NetLoop.Sessions;

namespace NetLoop.Handlers;

/// <summary>A synchronous message handler.</summary>
internal sealed class MessageEntry<T>(HandlerTable table, MessageHandler<T> handler, OffloadQueue? offload) : HandlerEntry<T>(table, offload, isAsync: false)
    where T : INetMessage<T>
{
    public override void InvokeAll(Session session, uint requestId, ReadOnlySpan<T> messages, long heldBytes, RemoteTrace? trace)
    {
        int next = 0;
        while (next < messages.Length)
        {
            try
            {
                while (next < messages.Length && !session.IsInputDropped)
                {
                    handler(session, in messages[next++]);
                }

                return;
            }
            catch (Exception exception)
            {
                Table.OnMessageFault(this, session, exception);
            }
        }
    }

    public override ValueTask CallAsync(FilteredCall<T> call)
    {
        handler(call.Session, in call.MessageRef);
        return ValueTask.CompletedTask;
    }
}

/// <summary>A handler whose calls each end separately: with a response, or asynchronously.</summary>
internal abstract class SingleCallEntry<T>(HandlerTable table, OffloadQueue? offload, bool isAsync) : HandlerEntry<T>(table, offload, isAsync)
    where T : INetMessage<T>
{
    public sealed override void InvokeAll(Session session, uint requestId, ReadOnlySpan<T> messages, long heldBytes, RemoteTrace? trace)
    {
        foreach (ref readonly T message in messages)
        {
            if (!session.IsInputDropped)
            {
                Invoke(session, requestId, in message, heldBytes, trace);
            }
            else if (IsAsync)
            {
                // The session no longer needs it; the call that was counted does not take place.
                session.HandlerEnded(heldBytes);
            }
        }
    }

    /// <summary>Calls the handler and handles its exceptions.</summary>
    protected abstract void Invoke(Session session, uint requestId, in T message, long heldBytes, RemoteTrace? trace);
}

/// <summary>An asynchronous message handler.</summary>
internal sealed class AsyncMessageEntry<T>(
    HandlerTable table, Func<Session, T, ValueTask> handler, OffloadQueue? offload) : SingleCallEntry<T>(table, offload, isAsync: true)
    where T : INetMessage<T>
{
    protected override void Invoke(Session session, uint requestId, in T message, long heldBytes, RemoteTrace? trace)
    {
        _ = RunAsync(session, message, heldBytes);
    }

    public override ValueTask CallAsync(FilteredCall<T> call) => handler(call.Session, call.Message);

    private async Task RunAsync(Session session, T message, long heldBytes)
    {
        try
        {
            await handler(session, message).ConfigureAwait(true);
        }
        catch (Exception exception)
        {
            Table.OnMessageFault(this, session, exception);
        }
        finally
        {
            session.HandlerEnded(heldBytes);
        }
    }
}

/// <summary>A synchronous request handler.</summary>
internal sealed class RequestEntry<TRequest, TResponse>(HandlerTable table, RequestHandler<TRequest, TResponse> handler, OffloadQueue? offload)
    : SingleCallEntry<TRequest>(table, offload, isAsync: false)
    where TRequest : INetMessage<TRequest>
    where TResponse : INetContract<TResponse>
{
    public override bool IsRequest => true;

    protected override void Invoke(Session session, uint requestId, in TRequest message, long heldBytes, RemoteTrace? trace)
    {
        HandlerActivity activity = HandlerActivity.Begin(session, Name, TRequest.MessageType, trace);
        try
        {
            TResponse response = handler(session, in message);
            session.Respond(requestId, in response);
        }
        catch (Exception exception)
        {
            Table.OnRequestFault(this, session, requestId, exception);
        }

        activity.End(session);
    }

    public override ValueTask CallAsync(FilteredCall<TRequest> call)
    {
        TResponse response = handler(call.Session, in call.MessageRef);
        call.Respond = () => call.Session.Respond(call.RequestId, in response);
        return ValueTask.CompletedTask;
    }
}

/// <summary>An asynchronous request handler.</summary>
internal sealed class AsyncRequestEntry<TRequest, TResponse>(HandlerTable table, Func<Session, TRequest, ValueTask<TResponse>> handler, OffloadQueue? offload)
    : SingleCallEntry<TRequest>(table, offload, isAsync: true)
    where TRequest : INetMessage<TRequest>
    where TResponse : INetContract<TResponse>
{
    public override bool IsRequest => true;

    protected override void Invoke(Session session, uint requestId, in TRequest message, long heldBytes, RemoteTrace? trace)
    {
        _ = NetActivities.HasListeners ? RunTracedAsync(session, requestId, message, heldBytes, trace) : RunAsync(session, requestId, message, heldBytes);
    }

    public override async ValueTask CallAsync(FilteredCall<TRequest> call)
    {
        TResponse response = await handler(call.Session, call.Message).ConfigureAwait(true);
        call.Respond = () => call.Session.Respond(call.RequestId, in response);
    }

    // A separate method, so that the state machine of a handler without tracing needs no extra memory.
    private async Task RunTracedAsync(Session session, uint requestId, TRequest message, long heldBytes, RemoteTrace? trace)
    {
        HandlerActivity activity = HandlerActivity.Begin(session, Name, TRequest.MessageType, trace);
        await RunAsync(session, requestId, message, heldBytes).ConfigureAwait(true);
        activity.End(session);
    }

    private async Task RunAsync(Session session, uint requestId, TRequest message, long heldBytes)
    {
        try
        {
            TResponse response = await handler(session, message).ConfigureAwait(true);
            session.Respond(requestId, in response);
        }
        catch (Exception exception)
        {
            Table.OnRequestFault(this, session, requestId, exception);
        }
        finally
        {
            session.HandlerEnded(heldBytes);
        }
    }
}
