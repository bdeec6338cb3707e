namespace NetLoop.Demo.Display;

/// <summary>Shows how a running command is doing, once a second.</summary>
internal interface IStatusDisplay
{
    /// <summary>Samples and shows until the token is cancelled.</summary>
    /// <param name="sample">Called about once a second, on a thread-pool thread.</param>
    /// <param name="end">Cancelled when the command ends; that is no error.</param>
    Task ShowAsync(Func<StatusPage> sample, CancellationToken end);
}
