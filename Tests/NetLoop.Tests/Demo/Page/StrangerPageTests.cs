using Microsoft.Playwright;
using NUnit.Framework;

namespace NetLoop.Tests.Demo.Page;

/// <summary>
/// Foreign pages in a real browser, on the machine that runs the demo: they must not reach its controls, whatever their host names resolve to.
/// </summary>
[TestFixture]
[Parallelizable]
public sealed class StrangerPageTests
{
    private const string TryToOpen = """
        port => new Promise(resolve => {
          const socket = new WebSocket(`ws://${location.hostname}:${port}/`);
          socket.onopen = () => resolve("open");
          socket.onclose = () => resolve("closed");
        })
        """;

    private Chromium? _chromium;
    private ChildProcess? _demo;
    private StrangerSite _stranger = null!;
    private IPage _browser = null!;
    private int _pagePort;
    private int _webSocketPort;

    [OneTimeSetUp]
    public async Task Start()
    {
        // Every name resolves to this machine, as with DNS rebinding.
        _chromium = await Chromium.StartAsync("--host-resolver-rules=MAP *.example 127.0.0.1");
        _stranger = new StrangerSite();
        _demo = ChildProcess.NetLoop("demo", "--bots", "1", "--tcp", "127.0.0.1:0", "--ws", "127.0.0.1:0", "--page", "127.0.0.1:0", "--duration", "30m");
        _webSocketPort = await _demo.ExpectPortAsync("listening on ws");
        _pagePort = await _demo.ExpectPortAsync("watch it on ");
        _browser = await _chromium.Browser.NewPageAsync();
        _browser.SetDefaultTimeout((float)ChildProcess.Deadline.TotalMilliseconds);
    }

    [OneTimeTearDown]
    public async Task CloseAll()
    {
        if (_chromium is not null)
        {
            await _chromium.DisposeAsync();
        }

        if (_demo is not null)
        {
            await _demo.DisposeAsync();
            await _stranger.DisposeAsync();
        }
    }

    [TestCase("evil.example")]
    [TestCase("127.0.0.1")]
    [TestCase("localhost")]
    public async Task PageOfSomebodyElse_OpensNoWebSocketOfTheDemo(string host)
    {
        await _browser.GotoAsync($"http://{host}:{_stranger.Port}/");

        Assert.That(await _browser.EvaluateAsync<string>(TryToOpen, _stranger.Port), Is.EqualTo("closed"));
        Assert.That(await _stranger.NextUpgradeAsync(), Does.Contain($"Host: {host}:"), "the browser itself has nothing against it");

        Assert.That(await _browser.EvaluateAsync<string>(TryToOpen, _webSocketPort), Is.EqualTo("closed"));
    }

    [TestCase("127.0.0.1")]
    [TestCase("localhost")]
    public async Task OwnPage_OpensItsWebSocket(string host)
    {
        IResponse? response = await _browser.GotoAsync($"http://{host}:{_pagePort}/metrics.json");

        Assert.That(response!.Status, Is.EqualTo(200));
        Assert.That(await _browser.EvaluateAsync<string>(TryToOpen, _webSocketPort), Is.EqualTo("open"));
    }

    [TestCase("/")]
    [TestCase("/metrics.json")]
    public async Task Page_UnderAStrangersName_IsNotServed(string path)
    {
        IResponse? response = await _browser.GotoAsync($"http://evil.example:{_pagePort}{path}");

        Assert.That(response!.Status, Is.EqualTo(421));
        Assert.That(await response.TextAsync(), Does.StartWith($"This page is at http://127.0.0.1:{_pagePort}"));
    }
}
