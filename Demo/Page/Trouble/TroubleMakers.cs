using System.Net.Sockets;

namespace NetLoop.Demo.Page;

/// <summary>Runs a number of hostile clients; each one returns some time after the server disconnected it.</summary>
/// <param name="work">Runs one client until it is disconnected.</param>
/// <param name="pause">Time until a client that was disconnected returns.</param>
/// <remarks>Thread: one at a time calls <see cref="Resize"/>. The clients run on the thread pool and use .NET's sockets.</remarks>
internal sealed class TroubleMakers(Func<CancellationToken, Task> work, TimeSpan pause) : IAsyncDisposable
{
    private readonly List<(CancellationTokenSource End, Task Done)> _active = [];
    private readonly List<Task> _ending = [];

    /// <summary>Adds or ends clients.</summary>
    public void Resize(int count)
    {
        while (_active.Count < count)
        {
            var end = new CancellationTokenSource();
            _active.Add((end, Task.Run(() => LiveAsync(end.Token))));
        }

        while (_active.Count > count)
        {
            (CancellationTokenSource end, Task done) = _active[^1];
            _active.RemoveAt(_active.Count - 1);
            _ending.Add(FinishAsync(end, done));
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Resize(0);
        await Task.WhenAll(_ending).ConfigureAwait(false);
    }

    private static async Task FinishAsync(CancellationTokenSource end, Task done)
    {
        await end.CancelAsync().ConfigureAwait(false);
        await done.ConfigureAwait(false);
        end.Dispose();
    }

    private async Task LiveAsync(CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            try
            {
                await WorkAsync(end).ConfigureAwait(false);
                await Task.Delay(pause, end).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task WorkAsync(CancellationToken end)
    {
        try
        {
            await work(end).ConfigureAwait(false);
        }
        catch (SocketException)
        {
            // Refused, or nobody listens: the same as being disconnected.
        }
    }
}
