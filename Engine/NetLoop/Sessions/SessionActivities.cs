using System.Diagnostics;
using NetLoop.Diagnostics;
using NetLoop.Messaging;

namespace NetLoop.Sessions;

/// <summary>Starts the activities of a session: its opening, the requests that it sends, and the handlers of those that it receives.</summary>
internal static class SessionActivities
{
    /// <summary>Starts the activity of a session that a server opens. Thread: loop.</summary>
    public static void BeginOpening(Session session)
    {
        if (NetActivities.StartRoot(NetActivities.Open, ActivityKind.Server, default, session.Services.LogActivityFault) is { } activity)
        {
            activity.SetTag(ActivityTags.Endpoint, session.Profile.Endpoint.ToUri());
            session.Opening = activity;
        }
    }

    /// <summary>Ends the activity of the opening, if there is one. Thread: loop.</summary>
    /// <param name="session">The session, which is open or was closed before it opened.</param>
    /// <param name="failure">Why it did not open; null if it did.</param>
    public static void EndOpening(Session session, CloseInfo? failure)
    {
        if (session.Opening is not { } activity)
        {
            return;
        }

        session.Opening = null;
        AddPeer(activity, session.Remote); // At the end, because a proxy may have named the client's address by now.
        if (failure is { } info)
        {
            Fail(activity, info);
        }
        else
        {
            activity.SetTag(ActivityTags.SessionId, (long)session.Id);
        }

        NetActivities.Stop(activity, session.Services.LogActivityFault);
    }

    /// <summary>Starts tracing a request to the other side. Thread: any.</summary>
    /// <returns>Null if nobody listens, and there is no trace context to send.</returns>
    public static OutgoingTrace? BeginRequest(Session session, string name, int type)
    {
        Activity? caller = Activity.Current;
        Activity? own = NetActivities.HasListeners
            ? NetActivities.StartChild($"{NetActivities.Request} {name}", ActivityKind.Client, session.Services.LogActivityFault)
            : null;
        if (own is not null)
        {
            AddRequest(own, session, name, type);
        }

        Activity? sent = session.SendsTraceContext ? own ?? caller : null;
        return own is null && sent is null ? null : new OutgoingTrace(own, sent, session.Services.LogActivityFault);
    }

    /// <summary>Starts the activity around the handler of a request. Thread: the handler's.</summary>
    /// <returns>Null if no listener wants it.</returns>
    public static Activity? BeginHandler(Session session, string name, int type, RemoteTrace? trace)
    {
        ActivityContext remote = trace?.Context ?? default;
        Activity? activity = NetActivities.StartRoot(
            $"{NetActivities.Request} {name}", ActivityKind.Server, in remote, session.Services.LogActivityFault);
        if (activity is not null)
        {
            AddRequest(activity, session, name, type);
        }

        return activity;
    }

    /// <summary>Marks the activity around the running handler as failed, if there is one. Thread: the handler's.</summary>
    /// <param name="code">The error code of the response.</param>
    /// <param name="text">The text of the response.</param>
    /// <param name="exception">The handler's exception if it is unexpected; otherwise null.</param>
    public static void FailHandler(int code, string text, Exception? exception = null)
    {
        if (NetActivities.FindHandler() is { } activity)
        {
            OutgoingTrace.Fail(activity, code, text);
            if (exception is not null)
            {
                activity.AddException(exception);
            }
        }
    }

    /// <summary>Adds the tags of a close reason to the activity of an opening.</summary>
    public static void Fail(Activity activity, in CloseInfo info)
    {
        activity.SetStatus(ActivityStatusCode.Error, EscapedText.From(info.Text ?? ""));
        activity.SetTag(ActivityTags.ErrorType, info.Reason.ToString());
    }

    /// <summary>Adds the address of the other side.</summary>
    public static void AddPeer(Activity activity, in NetEndpoint remote)
    {
        if (remote.Transport == TransportKind.Unix)
        {
            activity.SetTag(ActivityTags.Transport, "unix");
            if (remote.Path.Length > 0)
            {
                activity.SetTag(ActivityTags.PeerAddress, remote.Path);
            }

            return;
        }

        activity.SetTag(ActivityTags.Transport, "tcp");
        if (remote.IsIPv4 || remote.IsIPv6)
        {
            activity.SetTag(ActivityTags.PeerAddress, remote.ToIPAddress().ToString());
            activity.SetTag(ActivityTags.PeerPort, remote.Port);
        }
    }

    private static void AddRequest(Activity activity, Session session, string name, int type)
    {
        activity.SetTag(ActivityTags.RpcSystem, "netloop");
        activity.SetTag(ActivityTags.RpcMethod, name);
        activity.SetTag(ActivityTags.MessageType, type);
        activity.SetTag(ActivityTags.SessionId, (long)session.Id);
        AddPeer(activity, session.Remote);
    }
}
