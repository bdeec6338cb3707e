using System.CommandLine;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using NetLoop.Demo.CommandLine;
using NetLoop.Diagnostics;
using NetLoop.Tests.Demo;
using NUnit.Framework;

namespace NetLoop.Tests.Readme;

/// <summary>The tables of the reference articles match the code.</summary>
[Parallelizable]
public sealed partial class ReferenceArticleTests
{
    private static readonly Type[] OptionTypes =
    [
        typeof(NetServerOptions), typeof(EventLoopOptions), typeof(ListenOptions), typeof(WebSocketOptions), typeof(SessionOptions), typeof(EndpointOptions),
        typeof(RateLimitOptions), typeof(TlsCertificateOptions), typeof(TlsServerOptions), typeof(TlsClientOptions),
        typeof(UdpServerOptions), typeof(NetClientOptions), typeof(UdpClientOptions), typeof(ReconnectOptions), typeof(OffloadOptions),
    ];

    [Test]
    public async Task Metrics_Table_HasEveryInstrument()
    {
        string[] instruments = [.. (await InstrumentsAsync()).Select(it => $"| `{it.Name}` | {Kind(it)} | `{it.Unit}` | {it.Description} |")];
        Assert.That(Rows("metrics.md"), Is.EquivalentTo(instruments));
    }

    [Test]
    public void Traces_Tables_HaveEveryActivityAndTag()
    {
        string[] names =
        [
            .. new[] { typeof(NetActivities), typeof(ActivityTags) }
                .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public))
                .Select(field => (string)field.GetRawConstantValue()!)
                .SelectMany(name => name == NetActivities.Request ? [name, name] : new[] { name }),
        ];
        Assert.That(Rows("traces.md").Select(row => row.Split('`')[1]), Is.EquivalentTo(names));
    }

    [Test]
    public void LogEvents_Table_HasEveryEvent()
    {
        string[] events =
        [
            .. new[] { typeof(NetServer), typeof(NetLoopBuilder) }
                .SelectMany(type => type.Assembly.GetTypes())
                .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>())
                .OfType<LoggerMessageAttribute>()
                .OrderBy(entry => entry.EventId)
                .Select(entry => $"| {entry.EventId} | {entry.Level} | {entry.Message.Replace("{Suppressed}", "", StringComparison.Ordinal)} |"),
        ];
        Assert.That(Rows("log-events.md"), Is.EqualTo(events));
    }

    [Test]
    public void Options_Tables_HaveEveryOptionAndItsDefault()
    {
        string[] options =
        [
            .. OptionTypes.SelectMany(type => type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly)
                .Select(property => $"| `{type.Name}.{property.Name}` | {Default(type, property)} |")),
        ];
        Assert.That(Rows("options.md").Select(row => OptionRow().Match(row).Value), Is.EquivalentTo(options));
    }

    [Test]
    public void CommandLine_Article_HasEveryCommandAndOption()
    {
        string text = Text("reference/command-line.md");
        List<string> missing = [];
        foreach (Command command in CommandTree.Build().Subcommands)
        {
            string section = text.Split($"## netloop {command.Name}\n") is [_, { } rest] ? rest.Split("\n## ")[0] : "";
            missing.AddRange(All(command)
                .SelectMany(each => each.Options.Where(option => !option.Hidden).Select(option => option.Name).Append(each.Name))
                .Where(name => !section.Contains(name, StringComparison.Ordinal) && command.Name != name)
                .Select(name => $"{command.Name}: {name}"));
            if (section.Length == 0)
            {
                missing.Add(command.Name);
            }
        }

        Assert.That(missing, Is.Empty);
    }

    [Test]
    public async Task Dashboard_Metrics_Exist()
    {
        HashSet<string> series = [.. (await InstrumentsAsync()).SelectMany(Series)];
        string[] shown = [.. SeriesName().Matches(Text("../grafana-dashboard.json")).Select(match => match.Value).Distinct()];
        Assert.That(shown.Where(name => !series.Contains(name)), Is.Empty);
        Assert.That(shown, Has.Length.GreaterThan(10));
        Assert.That(() => System.Text.Json.JsonDocument.Parse(Text("../grafana-dashboard.json")).Dispose(), Throws.Nothing);
    }

    [Test]
    public async Task Histograms_AdviseBuckets_FromMicrosecondsToSeconds()
    {
        foreach (var histogram in (await InstrumentsAsync()).OfType<Histogram<double>>())
        {
            Assert.That(histogram.Advice?.HistogramBucketBoundaries, Is.Not.Null.And.Ordered, histogram.Name);
            Assert.That(histogram.Advice!.HistogramBucketBoundaries![0], Is.LessThan(1e-4), histogram.Name);
        }
    }

    private static IEnumerable<Command> All(Command command) => command.Subcommands.SelectMany(All).Prepend(command);

    private static async Task<List<Instrument>> InstrumentsAsync()
    {
        List<Instrument> instruments = [];
        const string Name = "loop of the reference";
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name == "NetLoop" && instrument.Meter.Tags!.Any(tag => (string?)tag.Value == Name))
                {
                    instruments.Add(instrument);
                }
            },
        };
        listener.Start();
        await using var loop = new EventLoop(new EventLoopOptions { ThreadName = Name });
        return [.. instruments];
    }

    private static string Kind(Instrument instrument) => instrument switch
    {
        Histogram<double> => "histogram",
        ObservableCounter<long> => "counter",
        _ => "up-down counter",
    };

    // The names of an instrument in Prometheus, as OpenTelemetry's exporters write them.
    private static string[] Series(Instrument instrument)
    {
        string unit = instrument.Unit switch { "By" => "_bytes", "s" => "_seconds", _ => "" };
        string name = instrument.Name.Replace('.', '_');
        name = name.EndsWith(unit, StringComparison.Ordinal) ? name : name + unit;
        return Kind(instrument) switch
        {
            "histogram" => [name + "_bucket", name + "_sum", name + "_count"],
            "counter" => [name + "_total"],
            _ => [name],
        };
    }

    private static string Default(Type type, PropertyInfo property)
    {
        if (property.Name == nameof(EventLoopOptions.MaxBufferBytes))
        {
            return "a quarter of the memory, at most 256 MiB";
        }

        object instance = type == typeof(ListenOptions) ? new ListenOptions(NetEndpoint.Tcp("127.0.0.1", 1))
            : type == typeof(EndpointOptions) ? new NetClientOptions()
            : Activator.CreateInstance(type, nonPublic: true)!;
        return property.GetValue(instance) switch
        {
            null => "null",
            TimeSpan time => $"{time.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s",
            "" => "empty",
            string text => text,
            bool value => value ? "true" : "false",
            Enum value => value.ToString(),
            IFormattable number when number.GetType().IsPrimitive => number.ToString("#,0.##", CultureInfo.InvariantCulture),
            _ => "see below",
        };
    }

    private static string[] Rows(string article) =>
        [.. Text("reference/" + article).Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal) || LogRow().IsMatch(line))];

    private static string Text(string article) => File.ReadAllText(Path.Combine(Repository.Root, "Engine/Docs/articles", article));

    [GeneratedRegex(@"^\| `\w+\.\w+` \| [^|]+ \|")]
    private static partial Regex OptionRow();

    [GeneratedRegex(@"^\| \d+ \|")]
    private static partial Regex LogRow();

    [GeneratedRegex(@"netloop_[a-z_]+")]
    private static partial Regex SeriesName();
}
