using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using NUnit.Framework;

namespace NetLoop.Tests.Demo.Page;

/// <summary>The demo's page in a real browser.</summary>
[TestFixture]
[Parallelizable]
public sealed partial class LivePageTests
{
    private const int Bots = 30;

    private Chromium? _chromium;
    private ChildProcess? _demo;
    private IPage _page = null!;
    private string _address = "";
    private int _webSocketPort;
    private readonly List<string> _errors = [];

    [OneTimeSetUp]
    public async Task OpenPage()
    {
        _chromium = await Chromium.StartAsync();
        await StartDemoAsync($"127.0.0.1:{FreePort.Find()}", $"127.0.0.1:{FreePort.Find()}"); // Both are listened on again by the test that restarts it.
        _page = await _chromium.Browser.NewPageAsync();
        _page.SetDefaultTimeout((float)ChildProcess.Deadline.TotalMilliseconds);
        Assertions.SetDefaultExpectTimeout((float)ChildProcess.Deadline.TotalMilliseconds);
        _page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _errors.Add(message.Text);
            }
        };
        _page.PageError += (_, error) => _errors.Add(error);
        await _page.GotoAsync(_address);
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
        }
    }

    // What one test saw or asked for is nothing to the next.
    [SetUp]
    public void ForgetErrors() => _errors.Clear();

    [TearDown]
    public async Task CalmAsync()
    {
        if (await Status.TextContentAsync() == "live")
        {
            await _page.ClickAsync("#calm");
            await SetAsync("bots", Bots);
        }
    }

    [Test]
    [Order(1)]
    public async Task Page_Opened_ShowsAMovingArenaWithoutErrors()
    {
        await Assertions.Expect(Status).ToHaveTextAsync("live");
        await Assertions.Expect(_page.Locator("#seen-count")).ToHaveTextAsync(SomeSeen());
        await Assertions.Expect(_page.Locator("#charts figure")).ToHaveCountAsync(9);

        // Waits until the picture is another than it was when the wait began.
        await _page.WaitForFunctionAsync(
            """
            () => {
              const now = document.getElementById("arena").toDataURL();
              window.firstPicture ??= now;
              return now !== window.firstPicture;
            }
            """);
        Assert.That(_errors, Is.Empty);
    }

    [Test]
    [Order(2)]
    public async Task Slider_MoreBots_MoreSessions()
    {
        await SetAsync("bots", 50);
        await Assertions.Expect(_page.Locator("#now-sessions")).ToHaveTextAsync("51");
        await Assertions.Expect(Event("bots: 30 to 50")).ToBeVisibleAsync();
        await SetAsync("bots", Bots);
        await Assertions.Expect(_page.Locator("#now-sessions")).ToHaveTextAsync("31");
        await Assertions.Expect(_page.Locator("#now-lost")).ToHaveTextAsync("0");
    }

    [Test]
    [Order(3)]
    public async Task SlowReadersAndGarbage_AreClosedWithTheirReasons_AndCostNobodyElse()
    {
        await SetAsync("slowReaders", 2);
        await SetAsync("garbageSenders", 3);
        await Assertions.Expect(Event("SlowConsumer")).ToBeVisibleAsync();
        await Assertions.Expect(Event("FrameTooLarge").Or(Event("Malformed")).First).ToBeVisibleAsync();
        JsonElement vitals = await MetricsAsync();
        Assert.That(vitals.GetProperty("bots").GetInt32(), Is.EqualTo(Bots), "no honest bot was closed");
        Assert.That(vitals.GetProperty("lost").GetInt64(), Is.Zero);
        Assert.That(vitals.GetProperty("memoryBytes").GetInt64(), Is.LessThan(512L << 20));
        await _page.ClickAsync("#calm");
        await Assertions.Expect(Event("slow readers: 2 to 0")).ToBeVisibleAsync();
    }

    [Test]
    [Order(4)]
    public async Task PauseOfTheLoop_IsAnEvent()
    {
        await _page.ClickAsync("#pause-short");
        await Assertions.Expect(Event("the loop is paused for 100 ms")).ToBeVisibleAsync();
        Assert.That(_errors, Is.Empty);
    }

    [Test]
    [Order(5)]
    public async Task Keyboard_MovesTheAreaOfInterest()
    {
        await _page.FocusAsync("#arena");
        await _page.Keyboard.PressAsync("+");
        await Assertions.Expect(_page.Locator("#radius")).ToHaveValueAsync("130");
        await _page.Keyboard.PressAsync("ArrowLeft");
        await Assertions.Expect(_page.Locator("#seen-count")).ToHaveTextAsync(SomeSeen());
    }

    [TestCase(390, 844)]
    [TestCase(1360, 900)]
    [Order(6)]
    public async Task Layout_PhoneAndDesktop_NothingIsWiderThanTheScreen(int width, int height)
    {
        await _page.SetViewportSizeAsync(width, height);
        Assert.That(await _page.EvaluateAsync<int>("document.documentElement.scrollWidth"), Is.LessThanOrEqualTo(width));
    }

    [Test]
    [Order(7)]
    public async Task ServerRestarts_PageReconnectsByItself()
    {
        await _demo!.SignalAsync("TERM");
        Assert.That((await _demo.EndAsync()).ExitCode, Is.Zero);
        await Assertions.Expect(Status).ToContainTextAsync("reconnecting");

        await StartDemoAsync(new Uri(_address).Authority, $"127.0.0.1:{_webSocketPort}");

        await Assertions.Expect(Status).ToHaveTextAsync("live");
        await Assertions.Expect(_page.Locator("#control-bots")).ToBeEnabledAsync();
    }

    private ILocator Status => _page.Locator("#status");

    [GeneratedRegex("^[0-9]+ seen$")]
    private static partial Regex SomeSeen();

    private ILocator Event(string text) => _page.Locator("#events li").Filter(new() { HasText = text }).First;

    private Task SetAsync(string control, int value) =>
        _page.FillAsync($"#control-{control}", value.ToString(System.Globalization.CultureInfo.InvariantCulture));

    private async Task<JsonElement> MetricsAsync()
    {
        IAPIResponse response = await _page.APIRequest.GetAsync(_address + "/metrics.json");
        return (await response.JsonAsync())!.Value;
    }

    private async Task StartDemoAsync(string page, string webSocket)
    {
        _demo = ChildProcess.NetLoop("demo", "--bots", $"{Bots}", "--tcp", "127.0.0.1:0", "--ws", webSocket, "--page", page, "--duration", "30m");
        _webSocketPort = await _demo.ExpectPortAsync("listening on ws");
        _address = (await _demo.ExpectAsync("watch it on "))["watch it on ".Length..];
    }
}
