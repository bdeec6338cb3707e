#pragma warning disable CA1031 // The callbacks of an ActivityListener are application code: what they throw must not end the loop.

using System.Diagnostics;

namespace NetLoop.Diagnostics;

/// <summary>The activity source named NetLoop. Without a listener, it costs only the check of a field for each request and each session that opens.</summary>
/// <remarks>
/// Activities take their times and identifiers from the runtime, not from the loop. The engine never reads them back, so simulated runs do not depend on them.
/// Starting and stopping do not change the current activity of the calling thread. Thread: any.
/// </remarks>
internal static class NetActivities
{
    /// <summary>A client connects and opens a session.</summary>
    public const string Connect = "netloop.connect";

    /// <summary>A server opens a session on a connection that it accepted.</summary>
    public const string Open = "netloop.open";

    /// <summary>A request, on either side; the name of its type follows.</summary>
    public const string Request = "netloop.request";

    private static readonly ActivitySource Source = new("NetLoop");

    /// <summary>Whether there is a listener, so that activities are needed.</summary>
    public static bool HasListeners => Source.HasListeners();

    /// <summary>Starts an activity as a child of the current one.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="kind">Its kind.</param>
    /// <param name="onFault">Called with the exception of a listener.</param>
    /// <returns>Null if no listener wants it.</returns>
    public static Activity? StartChild(string name, ActivityKind kind, Action<Exception> onFault) =>
        Start(Activity.Current, name, kind, default, onFault);

    /// <summary>Starts an activity that has no parent in this process.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="kind">Its kind.</param>
    /// <param name="remote">The parent on the other side; the default for none.</param>
    /// <param name="onFault">Called with the exception of a listener.</param>
    /// <returns>Null if no listener wants it.</returns>
    public static Activity? StartRoot(string name, ActivityKind kind, in ActivityContext remote, Action<Exception> onFault) =>
        Start(parent: null, name, kind, in remote, onFault);

    /// <summary>Stops an activity; the second call has no effect.</summary>
    /// <param name="activity">Started on any thread.</param>
    /// <param name="onFault">Called with the exception of a listener.</param>
    public static void Stop(Activity activity, Action<Exception> onFault)
    {
        Activity? current = Activity.Current;
        try
        {
            activity.Stop();
        }
        catch (Exception exception)
        {
            onFault(exception);
        }

        MakeCurrent(current);
    }

    /// <summary>Makes an activity the current one of the calling thread, if it still runs.</summary>
    public static void MakeCurrent(Activity? activity) => Activity.Current = activity is { IsStopped: false } ? activity : null;

    /// <summary>Clears the activity that was current where the calling thread was started, so that handlers' activities do not become its children.</summary>
    public static void LeaveCurrent() => Activity.Current = null;

    /// <summary>Returns the activity around the handler that runs on the calling thread; null if there is none.</summary>
    public static Activity? FindHandler()
    {
        // The current activity may be one that the handler started and did not stop.
        for (Activity? activity = HasListeners ? Activity.Current : null; activity is not null; activity = activity.Parent)
        {
            if (activity.Source == Source && activity.Kind == ActivityKind.Server)
            {
                return activity;
            }
        }

        return null;
    }

    private static Activity? Start(Activity? parent, string name, ActivityKind kind, in ActivityContext remote, Action<Exception> onFault)
    {
        Activity? current = Activity.Current;
        Activity? started = null;
        try
        {
            MakeCurrent(parent);
            started = Source.StartActivity(name, kind, remote);
        }
        catch (Exception exception)
        {
            onFault(exception);
        }

        MakeCurrent(current);
        return started;
    }
}
