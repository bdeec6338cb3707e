#pragma warning disable CA1031 // Application code runs here: an exception costs only its own session.

using NetLoop.Diagnostics;
using NetLoop.Messaging;
using NetLoop.Sessions;

namespace NetLoop.Handlers;

/// <summary>A handler with its filters.</summary>
internal sealed class FilteredEntry<T>(HandlerTable table, HandlerEntry<T> inner, HandlerFilter<T>[] filters)
    : SingleCallEntry<T>(table, inner.Offload, isAsync: true)
    where T : INetMessage<T>
{
    public override HandlerEntry Unfiltered => inner;

    public override bool IsRequest => inner.IsRequest;

    public override ValueTask CallAsync(FilteredCall<T> call) => call.NextAsync(depth: 0);

    protected override void Invoke(Session session, uint requestId, in T message, long heldBytes, RemoteTrace? trace)
    {
        var call = new FilteredCall<T>(inner, filters, session, requestId, in message);
        _ = IsRequest && NetActivities.HasListeners ? RunTracedAsync(call, heldBytes, trace) : RunAsync(call, heldBytes);
    }

    // The filters too run inside the activity of the request.
    private async Task RunTracedAsync(FilteredCall<T> call, long heldBytes, RemoteTrace? trace)
    {
        HandlerActivity activity = HandlerActivity.Begin(call.Session, Name, T.MessageType, trace);
        await RunAsync(call, heldBytes).ConfigureAwait(true);
        activity.End(call.Session);
    }

    private async Task RunAsync(FilteredCall<T> call, long heldBytes)
    {
        Session session = call.Session;
        try
        {
            await CallAsync(call).ConfigureAwait(true);
            if (call.IsRequest)
            {
                call.SendResponse();
            }
        }
        catch (Exception exception)
        {
            if (call.IsRequest)
            {
                Table.OnRequestFault(this, session, call.RequestId, exception);
            }
            else
            {
                Table.OnMessageFault(this, session, exception);
            }
        }
        finally
        {
            session.HandlerEnded(heldBytes);
        }
    }
}

/// <summary>One message on its way through the filters.</summary>
internal sealed class FilteredCall<T>(HandlerEntry<T> handler, HandlerFilter<T>[] filters, Session session, uint requestId, in T message)
    : HandlerContext<T>(session, T.MessageName, T.MessageType, handler.IsRequest, in message)
    where T : INetMessage<T>
{
    /// <summary>Whether each filter was called; the last element is for the handler.</summary>
    private readonly bool[] _called = new bool[filters.Length + 1];

    /// <summary>The request's number; not used for a message.</summary>
    public uint RequestId => requestId;

    /// <summary>Sends the handler's response; null until it has one.</summary>
    public Action? Respond { get; set; }

    /// <summary>Calls the filter at this position, or the handler after the last filter.</summary>
    public ValueTask NextAsync(int depth)
    {
        if (_called[depth])
        {
            throw new InvalidOperationException($"A filter called next twice for {MessageName}; it may do so once.");
        }

        _called[depth] = true;
        return depth == filters.Length ? handler.CallAsync(this) : filters[depth](this, () => NextAsync(depth + 1));
    }

    /// <summary>Sends the response of a request whose filters are done.</summary>
    public void SendResponse()
    {
        if (Respond is null)
        {
            throw new InvalidOperationException(
                $"A filter ended the request {MessageName} without a response; it must call next, or throw a RequestException that says why not.");
        }

        Respond();
    }
}
