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
        await StartDemoAsync($"127.0.0.1:{FreePort.Find()}", $"127.0.0.1:{FreePort.Find()}"); // The test that restarts the demo listens on both ports again.
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

    // One test must not see or change the data of the next.
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
        await Assertions.Expect(_page.Locator("#key-charts figure")).ToHaveCountAsync(4);
        await Assertions.Expect(_page.Locator("#charts figure")).ToHaveCountAsync(7);
        await Assertions.Expect(_page.Locator("#chart-phases .bar").First).ToHaveAttributeAsync("aria-label", PhaseTimes());

        // Waits until the picture differs from that at the beginning of the wait.
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
        await Assertions.Expect(Event("Bots set from 30 to 50.")).ToBeVisibleAsync();
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
        await Assertions.Expect(Event("they did not read, and up to 256 KiB waited for each; nobody else was affected.")).ToBeVisibleAsync();
        await Assertions.Expect(Event("they announced a frame over").Or(Event("they sent bytes that are no message")).First).ToBeVisibleAsync();
        JsonElement vitals = await MetricsAsync();
        Assert.That(vitals.GetProperty("bots").GetInt32(), Is.EqualTo(Bots), "no honest bot was closed");
        Assert.That(vitals.GetProperty("messagesLost").GetInt64(), Is.Zero);
        Assert.That(vitals.GetProperty("memoryBytes").GetInt64(), Is.LessThan(512L << 20));
        await _page.ClickAsync("#calm");
        await Assertions.Expect(Event("Slow readers set from 2 to 0.").Or(Event("Slow readers set from 0 to 0.")).First).ToBeVisibleAsync();
    }

    [Test]
    [Order(4)]
    public async Task Freeze_IsAnEvent_AndTheWorstTickStaysInSight()
    {
        await _page.ClickAsync("#freeze");
        await Assertions.Expect(_page.Locator("#look")).ToContainTextAsync("Watch Tick");
        await Assertions.Expect(Event("Somebody froze the loop's thread for 1,000 ms.")).ToBeVisibleAsync();
        await Assertions.Expect(_page.Locator("#worst")).ToHaveTextAsync(WorstTick());
        await Assertions.Expect(Event("A tick started ")).ToBeVisibleAsync();
        Assert.That(_errors, Is.Empty);
    }

    [Test]
    [Order(5)]
    public async Task Preset_Pressed_AsksForItAndSaysWhereToLook()
    {
        await _page.ClickAsync("#slow-reader");
        await Assertions.Expect(_page.Locator("#control-slowReaders")).ToHaveValueAsync("1");
        await Assertions.Expect(_page.Locator("#chart-queue")).ToHaveClassAsync("chart is-pointed-out");
        await Assertions.Expect(_page.Locator("#look a")).ToHaveAttributeAsync("href", "#chart-queue");
        await _page.ClickAsync("#calm");
        await Assertions.Expect(_page.Locator("#control-slowReaders")).ToHaveValueAsync("0");
    }

    [Test]
    [Order(5)]
    public async Task Preset_SliderMovedJustBefore_IsNotUndone()
    {
        await SetAsync("bots", 40);
        await _page.ClickAsync("#slow-reader");
        await Assertions.Expect(Event("Slow readers set from 0 to 1.")).ToBeVisibleAsync();
        await Assertions.Expect(_page.Locator("#control-slowReaders")).ToHaveValueAsync("1");
    }

    [Test]
    [Order(5)]
    public async Task Charts_ArrowKeys_MoveOneCrosshairThroughAllOfThemAndThePast()
    {
        // A page that has just been opened: the past that it shows was stored by the server.
        IPage late = await _chromium!.Browser.NewPageAsync();
        late.SetDefaultTimeout((float)ChildProcess.Deadline.TotalMilliseconds);
        await late.GotoAsync(_address);
        ILocator chart = late.Locator("#chart-tick canvas");
        await chart.FocusAsync();
        await chart.PressAsync("Home");

        await Assertions.Expect(chart).ToHaveAttributeAsync("aria-valuetext", PastValues());
        await Assertions.Expect(late.Locator("figure.is-past")).ToHaveCountAsync(10);
        await chart.PressAsync("Escape");
        await Assertions.Expect(late.Locator("figure.is-past")).ToHaveCountAsync(0);
        await late.HoverAsync("#events li");
        await Assertions.Expect(late.Locator("figure.is-past")).ToHaveCountAsync(10);
        await late.CloseAsync();
    }

    [Test]
    [Order(5)]
    public async Task BadNetwork_OfTheBotsOnUdp_IsShownForEachAndLosesNothing()
    {
        await Assertions.Expect(_page.Locator("#count-tcp")).ToHaveTextAsync("15");
        await Assertions.Expect(_page.Locator("#count-ws")).ToHaveTextAsync("7");
        await Assertions.Expect(_page.Locator("#count-udp")).ToHaveTextAsync("8");
        await _page.ClickAsync("#bad-network");
        await Assertions.Expect(_page.Locator("#control-lossPercent")).ToHaveValueAsync("10");
        await Assertions.Expect(Event("Packet loss of UDP bots set from 0% to 10%.")).ToBeVisibleAsync();
        await Assertions.Expect(Event("Latency of UDP bots, each way, set from 0 ms to 80 ms.")).ToBeVisibleAsync();

        // The rows are those with the most loss: a bot, its round trip, the share of packets that it lost, and what was sent again.
        await Assertions.Expect(_page.Locator("#links tr").First).ToHaveTextAsync(LossyLink());
        await Assertions.Expect(_page.Locator("#links tr")).ToHaveCountAsync(6);
        await WaitForMetricAsync("udpRoundTripMedianMilliseconds", least: 160);
        await WaitForMetricAsync("snapshotsSkippedPerSecond", least: 1);
        Assert.That((await MetricsAsync()).GetProperty("messagesLost").GetInt64(), Is.Zero);
        Assert.That(_errors, Is.Empty);
    }

    [Test]
    [Order(5)]
    public async Task Join_Visitor_SteersADotOfTheirOwnAndSeesTheRoundTrip()
    {
        await _page.ClickAsync("#join");
        await Assertions.Expect(_page.Locator("#player")).ToContainTextAsync("You are dot #");
        await Assertions.Expect(_page.Locator("#now-sessions")).ToHaveTextAsync("32");
        await _page.Keyboard.DownAsync("KeyD");
        await _page.Keyboard.UpAsync("KeyD");
        await Assertions.Expect(_page.Locator("#player")).ToHaveTextAsync(RoundTrip());

        await _page.ClickAsync("#join");
        await Assertions.Expect(_page.Locator("#now-sessions")).ToHaveTextAsync("31");
        await Assertions.Expect(_page.Locator("#join")).ToHaveTextAsync("Join the game");
        JsonElement vitals = await MetricsAsync();
        Assert.That(vitals.GetProperty("messagesLost").GetInt64(), Is.Zero);
        Assert.That(_errors, Is.Empty);
    }

    [Test]
    [Order(5)]
    public async Task Events_NothingYetAndMoreThanFit_SaysSoAndKeepsTheWorst()
    {
        string[] seen = await _page.EvaluateAsync<string[]>(
            """
            async () => {
              const { Events } = await import("./events.js");
              const [list, empty, worst] = ["ol", "p", "p"].map((name) => document.createElement(name));
              const events = new Events(list, empty, worst, { timeOf: (time) => time, mark() {} });
              const tell = (id, lateMilliseconds, text = "x") => events.add({ id, elapsedMilliseconds: id, kind: 2, text, lateMilliseconds });
              events.begin([]);
              const seen = [String(empty.hidden), String(list.hidden)];
              tell(1, 996, "the worst");
              for (let id = 2; id < 500; id++) tell(id, 20);
              tell(499, 20, "told again");
              const textOf = (line) => line.lastChild.textContent;
              return [...seen, String(empty.hidden), String(list.children.length), textOf(list.lastChild), textOf(list.firstChild), worst.textContent];
            }
            """);
        Assert.That(seen[..6], Is.EqualTo(new[] { "false", "true", "true", "100", "the worst", "told again" }));
        Assert.That(seen[6], Does.StartWith("worst so far: a tick 996 ms late at "));
    }

    [TestCase("linear([3, 7], 1)", "0 5 10")]
    [TestCase("linear([14868], 100)", "0 5000 10000 15000")]
    [TestCase("linear([300 * 1024], 1024, 'bytes')", "0 131072 262144 393216")]
    [TestCase("linear([...Array(100).fill(50), 90000], 10)", "0 20 40 60", Description = "one spike does not flatten the rest")]
    [TestCase("linear([...Array(100).fill(0), 90000], 10)", "0 50000 100000", Description = "there is no rest")]
    [TestCase("logarithmic([0.2, 30], 0.1, 100)", "0.1 1 10 100")]
    [TestCase("logarithmic([0.2, 990], 0.1, 100)", "0.1 1 10 100 1000")]
    [Order(5)]
    public async Task Scale_Values_HasLinesAtRoundOnes(string scale, string lines) =>
        Assert.That(
            await _page.EvaluateAsync<string>(
                $$"""
                async () => {
                  const { linear, logarithmic } = await import("./scale.js");
                  return {{scale}}.lines.map((line) => +line.toPrecision(9)).join(" ");
                }
                """),
            Is.EqualTo(lines));

    [Test]
    [Order(6)]
    public async Task Layout_Desktop_ShowsSlidersKeyChartsAndEventsWithoutScrolling()
    {
        await _page.SetViewportSizeAsync(1440, 900);
        string[] parts =
        [
            "#look", "#control-jitterMilliseconds", "#about-jitterMilliseconds",
            "#chart-tick", "#chart-round-trip", "#chart-queue", "#chart-phases", "#events-panel",
        ];
        foreach (string part in parts)
        {
            LocatorBoundingBoxResult box = (await _page.Locator(part).BoundingBoxAsync())!;
            Assert.That(box.Y + box.Height, Is.LessThanOrEqualTo(900), part);
        }
    }

    [Test]
    [Order(6)]
    public async Task Layout_Phone_EventsFollowTheSliders()
    {
        await _page.SetViewportSizeAsync(390, 844);
        LocatorBoundingBoxResult controls = (await _page.Locator(".controls-panel").BoundingBoxAsync())!;
        LocatorBoundingBoxResult events = (await _page.Locator("#events-panel").BoundingBoxAsync())!;
        Assert.That(events.Y, Is.EqualTo(controls.Y + controls.Height).Within(30));
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
        await Assertions.Expect(Status).ToContainTextAsync("Server is gone; trying again");

        await StartDemoAsync(new Uri(_address).Authority, $"127.0.0.1:{_webSocketPort}");

        await Assertions.Expect(Status).ToHaveTextAsync("live");
        await Assertions.Expect(_page.Locator("#control-bots")).ToBeEnabledAsync();
    }

    private ILocator Status => _page.Locator("#status");

    [GeneratedRegex(@"^#[0-9]+[0-9.]+ (ms|s)[0-9]*[1-9][0-9]*\.[0-9]%[0-9,]+$")]
    private static partial Regex LossyLink();

    [GeneratedRegex("^[0-9]+ seen$")]
    private static partial Regex SomeSeen();

    [GeneratedRegex("^Wait [0-9.]+ ms, Receive [0-9.]+ ms, Handle [0-9.]+ ms, Tick [0-9.]+ ms, Flush [0-9.]+ ms, other [0-9.]+ ms$")]
    private static partial Regex PhaseTimes();

    [GeneratedRegex("^worst so far: a tick [0-9.]+ (s|ms) late at ")]
    private static partial Regex WorstTick();

    [GeneratedRegex(@"^[0-9]{1,2}\.[0-9] s ago, longest [0-9.]+ (ms|µs|s), started late by [0-9.]+ (ms|µs|s)$")]
    private static partial Regex PastValues();

    [GeneratedRegex(@"^You are dot #[0-9]+\. Round trip [0-9.]+ (ms|µs|s); your key moves you after [0-9.]+ (ms|µs|s)\.$")]
    private static partial Regex RoundTrip();

    private ILocator Event(string text) => _page.Locator("#events li").Filter(new() { HasText = text }).First;

    private Task SetAsync(string control, int value) =>
        _page.FillAsync($"#control-{control}", value.ToString(System.Globalization.CultureInfo.InvariantCulture));

    private async Task WaitForMetricAsync(string name, double least)
    {
        using var deadline = new CancellationTokenSource(ChildProcess.Deadline);
        using var step = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while ((await MetricsAsync()).GetProperty(name).GetDouble() < least)
        {
            await step.WaitForNextTickAsync(deadline.Token);
        }
    }

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
