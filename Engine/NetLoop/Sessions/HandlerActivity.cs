using System.Diagnostics;
using NetLoop.Diagnostics;
using NetLoop.Messaging;

namespace NetLoop.Sessions;

/// <summary>The activity around the handler of a request: the current activity while the handler runs.</summary>
/// <remarks>Thread: the handler's.</remarks>
internal readonly struct HandlerActivity
{
    private readonly Activity? _activity;
    private readonly Activity? _outer;

    private HandlerActivity(Activity? activity, Activity? outer)
    {
        _activity = activity;
        _outer = outer;
    }

    /// <summary>Starts the activity, if anybody listens.</summary>
    /// <param name="session">The session that received the request.</param>
    /// <param name="name">The name of the request's type.</param>
    /// <param name="type">The number of the request's type.</param>
    /// <param name="trace">The trace context that came with it; null for none.</param>
    public static HandlerActivity Begin(Session session, string name, int type, RemoteTrace? trace) =>
        NetActivities.HasListeners ? BeginWanted(session, name, type, trace) : default;

    /// <summary>Ends the activity.</summary>
    public void End(Session session)
    {
        if (_activity is not null)
        {
            NetActivities.Stop(_activity, session.Services.LogActivityFault);
            NetActivities.MakeCurrent(_outer);
        }
    }

    private static HandlerActivity BeginWanted(Session session, string name, int type, RemoteTrace? trace)
    {
        var begun = new HandlerActivity(SessionActivities.BeginHandler(session, name, type, trace), Activity.Current);
        if (begun._activity is { } activity)
        {
            NetActivities.MakeCurrent(activity);
        }

        return begun;
    }
}
