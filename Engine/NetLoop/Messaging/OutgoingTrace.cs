using System.Diagnostics;
using System.Globalization;
using System.Text;
using NetLoop.Diagnostics;

namespace NetLoop.Messaging;

/// <summary>The tracing data of a request that this side sends: its activity, and the trace context that is sent with it.</summary>
/// <remarks>Thread: any one at a time.</remarks>
/// <param name="activity">The request's activity; null if no listener wants one.</param>
/// <param name="sent">The activity that the other side continues; null to send no trace context.</param>
/// <param name="onFault">Called with the exception of an activity listener.</param>
internal sealed class OutgoingTrace(Activity? activity, Activity? sent, Action<Exception> onFault)
{
    /// <summary>The value of <c>traceparent</c>; null to send no trace context.</summary>
    public string? Parent { get; } = sent is { IdFormat: ActivityIdFormat.W3C } ? sent.Id : null;

    /// <summary>The value of <c>tracestate</c>; null for none.</summary>
    public string? State { get; } = sent?.TraceStateString is { } state && Ascii.IsValid(state) && state.Length is > 0 and <= TraceContext.MaxStateBytes
        ? state
        : null;

    /// <summary>Maximum number of bytes that the context adds to a request.</summary>
    public int MaxBytes => TraceContext.MaxHeaderBytes + (Parent?.Length ?? 0) + (State?.Length ?? 0);

    /// <summary>Ends the activity.</summary>
    /// <param name="error">Why there is no result; null if there is one.</param>
    public void End(RequestException? error)
    {
        if (activity is null)
        {
            return;
        }

        if (error is not null)
        {
            Fail(activity, error.Code, error.Message);
        }

        NetActivities.Stop(activity, onFault);
    }

    /// <summary>Marks a request's activity as failed.</summary>
    public static void Fail(Activity activity, int code, string text)
    {
        string number = code.ToString(CultureInfo.InvariantCulture);
        activity.SetStatus(ActivityStatusCode.Error, text);
        activity.SetTag(ActivityTags.ErrorType, number);
        activity.SetTag(ActivityTags.RpcStatusCode, number);
    }
}
