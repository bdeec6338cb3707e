namespace NetLoop.Simulation;

/// <summary>A request of a simulated client: its task completes on the simulation's thread, also when the client's process dies before the answer.</summary>
internal abstract class FollowedRequest
{
    /// <summary>Nobody is left to receive the answer.</summary>
    public abstract void Fail(string text);
}

/// <summary>A request whose response is a <typeparamref name="TResponse"/>.</summary>
internal sealed class FollowedRequest<TResponse> : FollowedRequest
{
    // Without RunContinuationsAsynchronously: the thread pool knows nothing of virtual time.
    private readonly TaskCompletionSource<TResponse> _completion = new();

    public Task<TResponse> Task => _completion.Task;

    public override void Fail(string text) => _completion.TrySetException(new RequestException(ErrorCode.Cancelled, text));

    /// <summary>Hands the answer on. To be called where continuations come back to the simulation's thread.</summary>
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
#pragma warning disable CA1031 // Whatever it is belongs to whoever awaits the request.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _completion.TrySetException(exception);
        }

        pending.Remove(this);
    }
}
