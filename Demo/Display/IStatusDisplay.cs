namespace NetLoop.Demo.Display;

/// <summary>Displays the status of a running command once a second.</summary>
internal interface IStatusDisplay
{
    /// <summary>Samples and displays the status until the token is cancelled.</summary>
    /// <param name="sample">Returns the status; called about once a second, on a thread-pool thread.</param>
    /// <param name="end">Cancelled when the command ends; this is not an error.</param>
    Task ShowAsync(Func<StatusPage> sample, CancellationToken end);
}
