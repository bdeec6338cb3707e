using System.Net;
using System.Net.Sockets;
using System.Text;
using NetLoop.Demo.CommandLine;
using NetLoop.Demo.Display;

namespace NetLoop.Demo.Classic;

/// <summary>
/// The common part of both tutorials' clients: connect, send, and print the response if one is expected. It uses the platform's sockets, not NetLoop.
/// </summary>
internal sealed class ClassicClient(CommandRun run, NetEndpoint server)
{
    /// <summary>Help text of <c>--duration</c> for a client.</summary>
    public const string DurationHelp = "Give up after this long, for example 500ms or 10s [default: 10s]";

    /// <summary>Default time that a client waits.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private const int MaxAnswerBytes = 4_096;

    /// <summary>Sends a text.</summary>
    /// <param name="text">What to send.</param>
    /// <param name="wantsAnswer">Whether to wait for a response and print it.</param>
    /// <returns>Failure if the response did not come.</returns>
    public async Task<int> RunAsync(string text, bool wantsAnswer)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        int received = 0;
        try
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(IPEndPoint.Parse(server.ToString()), run.End).ConfigureAwait(false);
            if (socket.LocalEndPoint!.Equals(socket.RemoteEndPoint))
            {
                // Nobody listens, and the system chose that very port for the client: the socket is connected to itself.
                socket.LingerState = new LingerOption(enable: true, seconds: 0);
                throw new SocketException((int)SocketError.ConnectionRefused);
            }

            for (int sent = 0; sent < bytes.Length;)
            {
                sent += await socket.SendAsync(bytes.AsMemory(sent), run.End).ConfigureAwait(false);
            }

            if (wantsAnswer)
            {
                received = await PrintAnswerAsync(socket).ConfigureAwait(false);
            }

            socket.Shutdown(SocketShutdown.Both);
        }
        catch (SocketException failure)
        {
            throw new FailureException(failure.SocketErrorCode == SocketError.ConnectionRefused
                ? $"nobody listens on {server.ToUri()}; start the server first."
                : $"{server.ToUri()}: {failure.Message}");
        }
        catch (OperationCanceledException)
        {
            throw new FailureException($"{server.ToUri()} did not answer in time");
        }

        bool lost = wantsAnswer && received == 0;
        run.Summarize(new ClassicSummary(1, received, bytes.Length, lost ? 1 : 0), SummaryJson.Default.ClassicSummary);
        return lost ? ExitCode.Failure : ExitCode.Success;
    }

    // One receive, as in the tutorial.
    private async Task<int> PrintAnswerAsync(Socket socket)
    {
        byte[] answer = new byte[MaxAnswerBytes];
        int received = await socket.ReceiveAsync(answer, run.End).ConfigureAwait(false);
        await run.Output.WriteLineAsync(
            received > 0 ? PrintableText.From(answer.AsSpan(0, received)) : "the server closed without an answer").ConfigureAwait(false);
        return received;
    }
}
