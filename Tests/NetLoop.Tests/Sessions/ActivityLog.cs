using System.Collections.Concurrent;
using System.Diagnostics;
using NetLoop.Tests.Hosting;
using NUnit.Framework;

namespace NetLoop.Tests.Sessions;

/// <summary>Listens to the engine's activities and stores those that have ended.</summary>
internal sealed class ActivityLog : IDisposable
{
    private readonly BlockingCollection<Activity> _stopped = [];
    private readonly List<Activity> _waiting = [];
    private readonly ActivityListener _listener;

    public ActivityLog(Action<Activity>? onStarted = null, Action<Activity>? onStopped = null)
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "NetLoop",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStarted = onStarted,
            ActivityStopped = activity =>
            {
                _stopped.Add(activity);
                onStopped?.Invoke(activity);
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>Activities that have ended and were not returned yet.</summary>
    public int Count => _waiting.Count + _stopped.Count;

    /// <summary>Waits until an activity has ended.</summary>
    public Activity Next(string name, ActivityKind kind)
    {
        while (true)
        {
            int found = _waiting.FindIndex(activity => activity.DisplayName == name && activity.Kind == kind);
            if (found >= 0)
            {
                Activity activity = _waiting[found];
                _waiting.RemoveAt(found);
                return activity;
            }

            Assert.That(
                _stopped.TryTake(out Activity? next, TestHost.Patience), Is.True, $"no activity {name}; there were {string.Join(", ", _waiting.Select(Text))}");
            _waiting.Add(next!);
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        _stopped.Dispose();
    }

    private static string Text(Activity activity) => $"{activity.Kind} {activity.DisplayName}";
}
