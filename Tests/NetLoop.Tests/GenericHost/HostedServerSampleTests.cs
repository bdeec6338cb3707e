using System.Text.RegularExpressions;
using HostedServer;
using NetLoop.Tests.Demo;
using NetLoop.Tests.Hosting;
using NUnit.Framework;

namespace NetLoop.Tests.GenericHost;

/// <summary>The sample Demo/Samples/HostedServer, as a person starts it.</summary>
public sealed partial class HostedServerSampleTests
{
    [Test]
    public async Task HostedServer_StartedWithItsAppSettings_StoresScoresAndStops()
    {
        string built = Path.Combine(
            Repository.Root, "Demo/Samples/HostedServer", Path.GetRelativePath(Path.Combine(Repository.Root, "Tests/NetLoop.Tests"), AppContext.BaseDirectory));
        await using ChildProcess server = ChildProcess.Start(
            "dotnet",
            Path.Combine(built, "HostedServer.dll"),
            "--NetLoop:Listeners:game:Endpoint=tcp://127.0.0.1:0",
            "--NetLoop:Listeners:web:Endpoint=ws://127.0.0.1:0",
            "--Logging:Console:FormatterName=simple",
            "--Logging:Console:FormatterOptions:SingleLine=true");
        Match tcp;
        do
        {
            tcp = Listening().Match(await server.ExpectAsync("info: NetLoop"));
        }
        while (!tcp.Success);

        await using (NetClient client = await NetClient.ConnectAsync(tcp.Groups["uri"].Value))
        {
            client.Send(new Scored("Ana", 3));
            client.Send(new Scored("Ana", 4));
            await server.ExpectAsync("info: HostedServer.ScoreModule[1] Ana has 7 points.");
            Standing standing = await client.RequestAsync(new AskStanding("Ana")).WaitAsync(TestHost.Patience);
            Assert.That(standing, Is.EqualTo(new Standing(7)));
        }

        await server.SignalAsync("TERM");
        ProcessResult result = await server.EndAsync();
        Assert.That(result.ExitCode, Is.Zero, result.ToString());
    }

    [GeneratedRegex(@"Listening on (?<uri>tcp://[^:]+:\d+)")]
    private static partial Regex Listening();
}
