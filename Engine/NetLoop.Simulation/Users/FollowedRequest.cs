namespace NetLoop.Simulation;

/// <summary>A request of a simulated client. Its task completes on the simulation's thread, even if the client's process dies before the response.</summary>
internal abstract class FollowedRequest
{
    /// <summary>Fails the request, because nobody is left to receive the response.</summary>
    public abstract void Fail(string text);
}

/// <summary>A request whose response is a <typeparamref name="TResponse"/>.</summary>
internal sealed class FollowedRequest<TResponse> : FollowedRequest
{
    // Without RunContinuationsAsynchronously: the thread pool does not run in virtual time.
    private readonly TaskCompletionSource<TResponse> _completion = new();

    public Task<TResponse> Task => _completion.Task;

    public override void Fail(string text) => _completion.TrySetException(new RequestException(ErrorCode.Cancelled, text));

    /// <summary>Passes the response on. Call this where continuations return to the simulation's thread.</summary>
    public async Task FollowAsync(Task<TResponse> answer, HashSet<FollowedRequest> pending)
    {
        pending.Add(this);
        try
        {
            _completion.TrySetResult(await answer.ConfigureAwait(true));
        }
        catch (OperationCanceledException exception)
        {
            _completion.TrySetCanceled(exception.CancellationToken);
        }
#pragma warning disable CA1031 // Any exception goes to the code that awaits the request.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _completion.TrySetException(exception);
        }

        pending.Remove(this);
    }
}
