using Microsoft.Playwright;
using NetLoop.Demo.Certificates;
using NUnit.Framework;

namespace NetLoop.Tests.Demo.Page;

/// <summary>The demo's page by https, with its data by wss, in a real browser.</summary>
[TestFixture]
[Parallelizable]
public sealed class SecurePageTests
{
    [Test]
    public async Task Page_WithACertificate_PlaysOverWss()
    {
        await using Chromium chromium = await Chromium.StartAsync();
        string folder = Directory.CreateTempSubdirectory("netloop-").FullName;
        try
        {
            (string certificate, string key) = DevelopmentCertificate.Write(folder);
            await using ChildProcess demo = ChildProcess.NetLoop(
                "demo", "--bots", "20", "--tcp", "127.0.0.1:0", "--ws", "127.0.0.1:0", "--page", "127.0.0.1:0", "--duration", "10m",
                "--certificate", certificate, "--key", key);
            await demo.ExpectPortAsync("listening on wss");
            string line = await demo.ExpectAsync("watch it on https://");
            string address = line[line.IndexOf("https://", StringComparison.Ordinal)..].Trim();

            // The certificate is nobody's but this test's.
            IPage page = await chromium.Browser.NewPageAsync(new() { IgnoreHTTPSErrors = true });
            page.SetDefaultTimeout((float)ChildProcess.Deadline.TotalMilliseconds);
            Assertions.SetDefaultExpectTimeout((float)ChildProcess.Deadline.TotalMilliseconds);
            var sockets = new List<string>();
            page.WebSocket += (_, socket) => sockets.Add(socket.Url);
            await page.GotoAsync(address);
            await Assertions.Expect(page.Locator("#status")).ToHaveTextAsync("live");
            await Assertions.Expect(page.Locator("#seen-count")).Not.ToHaveTextAsync("0 seen");
            Assert.That(sockets, Is.Not.Empty.And.All.StartsWith("wss://127.0.0.1:"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
