using NetLoop.Tests.Hosting;
using NUnit.Framework;

namespace NetLoop.Tests.Demo.Server;

/// <summary>An application's server in a separate process, whose loop is blocked in a handler that never returns.</summary>
[Platform("Linux")]
public sealed class BlockedLoopTests
{
    [Test]
    public async Task Signal_ThirdWhileTheLoopIsBlocked_EndsTheProcess()
    {
        const string Beginning = "listening on ";
        string path = Path.Combine(Path.GetTempPath(), $"netloop-{Guid.NewGuid():N}.sock");
        string program = Path.Combine(AppContext.BaseDirectory, "NetLoop.TestServer.dll");
        await using ChildProcess process = ChildProcess.Start("dotnet", program, "loop", "1", path);
        string line = await process.ExpectAsync($"{Beginning}tcp:");
        await using NetClient client = await NetClient.ConnectAsync(NetEndpoint.Parse(line[Beginning.Length..])).WaitAsync(ChildProcess.Deadline);
        client.Send(new Say("for ever"));
        await process.ExpectAsync("blocked");

        await process.SignalAsync("TERM");
        await process.SignalAsync("TERM");
        await process.SignalAsync("TERM");
        ProcessResult result = await process.EndAsync();
        Assert.That(result.ExitCode, Is.Not.Zero, result.ToString());
        File.Delete(path);
    }
}
