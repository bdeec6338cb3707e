using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using NetLoop.Demo.CommandLine;
using NetLoop.Demo.Load;

namespace NetLoop.Benchmarks.EndToEnd;

/// <summary><c>idle</c>: how much memory of a server's process an idle connection takes.</summary>
internal static class IdleCommand
{
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);

    /// <summary>Builds the command.</summary>
    public static Command Create()
    {
        var command = new Command("idle", "Measure the memory of a server's process for each of 8,000 and 15,000 idle connections (Linux)");
        var report = new ReportOptions(command);
        command.SetAction(async (parsed, _) =>
        {
            if (!OperatingSystem.IsLinux())
            {
                throw new MistakeException("idle reads /proc, which only Linux has");
            }

            using var programs = new CPrograms();
            await programs.BuildAsync().ConfigureAwait(false);
            List<IdleResult> results = [];
            foreach (ServerKind kind in ServerKind.All(programs)
                .Where(kind => kind.Name is ServerKind.NetLoop or ServerKind.C or ServerKind.Saea or ServerKind.Kestrel))
            {
                foreach (int connections in (int[])[8_000, 15_000])
                {
                    results.Add(await MeasureAsync(kind, connections).ConfigureAwait(false));
                }
            }

            await report.WriteAsync(parsed, results, ReportJson.Default.IReadOnlyListIdleResult, IdleResult.ToMarkdown(results)).ConfigureAwait(false);
            return ExitCode.Success;
        });
        return command;
    }

    private static async Task<IdleResult> MeasureAsync(ServerKind kind, int connections)
    {
        await using ServerProcess server = await ServerProcess.StartAsync(kind, core: null).ConfigureAwait(false);
        var warmUp = new List<Socket>();
        var clients = new List<Socket>();
        try
        {
            // A few first, so that one-time allocations are not counted: pools, and the memory of the compiler, which compiles hot methods twice.
            for (int round = 0; round < 5; round++)
            {
                await ConnectAsync(server, 200, warmUp).ConfigureAwait(false);
                for (int message = 0; message < 10; message++)
                {
                    await EchoAsync(warmUp).ConfigureAwait(false);
                }

                await Task.Delay(Settling).ConfigureAwait(false);
            }

            long before = Memory(server.Id);
            await ConnectAsync(server, connections, clients).ConfigureAwait(false);
            await Task.Delay(Settling).ConfigureAwait(false);
            long silent = Memory(server.Id);
            await EchoAsync(clients).ConfigureAwait(false);
            await Task.Delay(Settling).ConfigureAwait(false);
            long used = Memory(server.Id);
            return new IdleResult(kind.Name, connections, before, (silent - before) / (double)connections, (used - before) / (double)connections);
        }
        finally
        {
            foreach (Socket client in warmUp.Concat(clients))
            {
                client.Close(0);
            }
        }
    }

    private static async Task ConnectAsync(ServerProcess server, int count, List<Socket> clients)
    {
        for (int i = 0; i < count; i++)
        {
            var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            clients.Add(client);
            await client.ConnectAsync(IPAddress.Loopback, server.Port).ConfigureAwait(false);
        }
    }

    private static async Task EchoAsync(List<Socket> clients)
    {
        var stream = LoadStream.Moves();
        var frame = new byte[stream.FrameBytes];
        var answer = new byte[stream.FrameBytes];
        stream.Write(0, frame);
        foreach (Socket client in clients)
        {
            await client.SendAsync(frame).ConfigureAwait(false);
            for (int received = 0, count; received < answer.Length; received += count)
            {
                count = await client.ReceiveAsync(answer.AsMemory(received)).ConfigureAwait(false);
                if (count == 0)
                {
                    throw new FailureException("the server closed an idle connection");
                }
            }
        }
    }

    /// <summary>Resident memory in bytes.</summary>
    private static long Memory(int process)
    {
        string line = File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }
}
