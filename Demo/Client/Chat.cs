using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using NetLoop.Demo.CommandLine;
using NetLoop.Demo.Display;
using NetLoop.Demo.Echo;

namespace NetLoop.Demo.Client;

/// <summary>One person's chat: sends lines that are typed, prints lines that are received, and checks that the client's own lines come back.</summary>
internal sealed class Chat(CommandRun run, NetEndpoint remote, X509Certificate2Collection? trusted, ConnectToken? token, string? name) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    // The client's own lines that have not come back yet: added by the thread that reads input, removed by the loop.
    private readonly LinkedList<string> _onTheWay = [];
    private readonly SemaphoreSlim _cameBack = new(0);
    private long _said;
    private long _heard;

    /// <summary>Runs until the input, the time or the session ends.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public async Task<int> RunAsync()
    {
        using ILoggerFactory logs = run.CreateLogs();
        await using NetClient client = await ConnectAsync(logs).ConfigureAwait(false);
        await run.Output.WriteLineAsync(
            $"connected to {remote.ToUri()} as session {client.Session.Id}; type a line to say it, Ctrl+D to leave").ConfigureAwait(false);

        using var gone = CancellationTokenSource.CreateLinkedTokenSource(run.Abort);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(run.End, gone.Token);
        Task closed = client.Closed.ContinueWith(_ => gone.Cancel(), TaskScheduler.Default);
        await TalkAsync(client, end.Token).ConfigureAwait(false);
        await HearTheRestAsync(gone.Token).ConfigureAwait(false);

        CloseInfo? closing = client.Closed.IsCompleted ? await client.Closed.ConfigureAwait(false) : null;
        string? closedBy = closing is { } info ? PrintableText.From($"the server closed the session: {info}") : null;
        if (closedBy is not null)
        {
            await run.Errors.WriteLineAsync($"netloop: {closedBy}").ConfigureAwait(false);
        }

        await client.DisposeAsync().ConfigureAwait(false);
        await closed.ConfigureAwait(false);
        var summary = new ClientSummary(_said, _heard, _onTheWay.Count, client.Session.RoundTripTime.TotalMilliseconds, closedBy);
        run.Summarize(summary, SummaryJson.Default.ClientSummary);
        bool isOrderly = closing is null or { Reason: CloseReason.Normal or CloseReason.ServerStopping };
        return summary.Lost == 0 && isOrderly ? ExitCode.Success : ExitCode.Failure;
    }

    /// <inheritdoc/>
    public void Dispose() => _cameBack.Dispose();

    private async Task<NetClient> ConnectAsync(ILoggerFactory logs)
    {
        var handlers = new HandlerTable();
        handlers.On<Say>((_, in say) => Hear(say.Text, PrintableText.From(say.Text)));
        handlers.On<Rich>((_, in rich) => Hear(rich.Text, RichText.Print(rich, name)));
        try
        {
            return await NetClient.ConnectAsync(
                remote,
                options =>
                {
                    options.Handlers = handlers;
                    options.Tls.TrustedRoots = trusted;
                    options.Udp.Token = token;
                    options.LoopOptions.LoggerFactory = logs;
                },
                run.End).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is NetConnectException or OperationCanceledException)
        {
            string why = failure is NetConnectException ? PrintableText.From(failure.Message) : $"the run ended before {remote.ToUri()} had opened a session";
            run.Summarize(new ClientSummary(0, 0, 0, 0, why), SummaryJson.Default.ClientSummary);
            throw new FailureException(why);
        }
    }

    private async Task TalkAsync(NetClient client, CancellationToken end)
    {
        while (await ConsoleInput.ReadLineAsync(end).ConfigureAwait(false) is { } line)
        {
            if (line.Length > 0)
            {
                Say(client, name is null ? line : $"{name}: {line}");
            }
        }
    }

    private void Say(NetClient client, string text)
    {
        LinkedListNode<string> line;
        lock (_onTheWay)
        {
            line = _onTheWay.AddLast(text);
        }

        // Not under the lock: Send waits if it is far ahead of the loop, and the loop needs the lock to receive.
        SendStatus status = RichText.Parse(text) is { } rich ? client.Send(rich) : client.Send(new Say(text));
        if (status == SendStatus.Sent)
        {
            _said++;
            return;
        }

        lock (_onTheWay)
        {
            _onTheWay.Remove(line);
        }

        run.Output.WriteLine($"not said: {status}");
    }

    // Thread: loop.
    private void Hear(string text, string printed)
    {
        run.Output.WriteLine(printed);
        lock (_onTheWay)
        {
            _heard++;
            if (_onTheWay.First?.Value == text)
            {
                _onTheWay.RemoveFirst();
                _cameBack.Release();
            }
        }
    }

    private async Task HearTheRestAsync(CancellationToken gone)
    {
        for (long heard = 0; heard < _said; heard++)
        {
            try
            {
                if (!await _cameBack.WaitAsync(Patience, gone).ConfigureAwait(false))
                {
                    return;
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
