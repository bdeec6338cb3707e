namespace NetLoop.Demo.Display;

/// <summary>Prints one plain line a second.</summary>
internal sealed class LineDisplay(TextWriter output) : IStatusDisplay
{
    /// <inheritdoc/>
    public async Task ShowAsync(Func<StatusPage> sample, CancellationToken end)
    {
        using var second = new PeriodicTimer(TimeSpan.FromSeconds(1));
        while (await second.NextAsync(end).ConfigureAwait(false))
        {
            await output.WriteLineAsync(sample().ToLine()).ConfigureAwait(false);
        }
    }
}
