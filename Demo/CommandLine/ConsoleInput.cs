namespace NetLoop.Demo.CommandLine;

/// <summary>Lines that a person types.</summary>
internal static class ConsoleInput
{
    /// <summary>Reads one line from stdin.</summary>
    /// <returns>The line, or null at the end of the input or when the token is cancelled first.</returns>
    /// <remarks>A console read cannot be cancelled: after a cancellation its thread keeps waiting, so the program should end soon.</remarks>
    public static async Task<string?> ReadLineAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await Task.Run(Console.In.ReadLine, CancellationToken.None).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }
}
