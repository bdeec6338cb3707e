using System.Globalization;
using NetLoop.Transports.Datagrams.Reliability;

namespace NetLoop.Worlds;

/// <summary>What the seed drew for a world of links. Times are virtual nanoseconds.</summary>
internal sealed class LinkSettings
{
    private const ulong SettingsStream = 91;
    private const long Second = 1_000_000_000;

    /// <summary>Number of reliable messages of both sides together.</summary>
    public long Messages { get; private init; }

    public LinkConditions Link { get; private init; } = LinkConditions.Perfect;

    public LinkOptions Options { get; private init; } = new();

    /// <summary>The longest filler of most messages.</summary>
    public int MaxFillerBytes { get; private init; }

    /// <summary>Probability that a message is long.</summary>
    public double LongMessages { get; private init; }

    /// <summary>Probability that a message is not reliable.</summary>
    public double UnreliableMessages { get; private init; }

    /// <summary>Probability that the application has no room for a message.</summary>
    public double Refusals { get; private init; }

    /// <summary>Average time between two times in which nothing arrives; 0 for none.</summary>
    public long BlackoutInterval { get; private init; }

    /// <summary>The longest time in which nothing arrives.</summary>
    public long BlackoutTime { get; private init; }

    public static LinkSettings Draw(WorldOptions options)
    {
        SeededRandom random = SeededRandom.For(options.Seed, SettingsStream);
        int[] held = [64 << 10, 512 << 10, 8 << 20];
        LinkConditions drawn = DrawLink(random);
        var settings = new LinkSettings
        {
            Messages = random.Between(1_000L, 20_000L),
            Options = new LinkOptions { MaxPayloadBytes = Pick(random, 551, 1_175, 1_175, 1_400), MaxHeldBytes = held[random.Next(held.Length)] },
            MaxFillerBytes = Pick(random, 16, 48, 200),
            LongMessages = Pick(random, 0, 0.001, 0.01),
            UnreliableMessages = Pick(random, 0, 0.1, 0.5),
            Refusals = Pick(random, 0, 0, 0.05),
            BlackoutInterval = Pick(random, 0, 0, 5 * Second, 60 * Second),
            BlackoutTime = Pick(random, Second / 5, 2 * Second, 9 * Second),
        };
        return new LinkSettings
        {
            Messages = options.Messages > 0 ? options.Messages : settings.Messages,
            Link = Allowed(options.Link ?? drawn, options.Faults),
            Options = settings.Options,
            MaxFillerBytes = settings.MaxFillerBytes,
            LongMessages = settings.LongMessages,
            UnreliableMessages = settings.UnreliableMessages,
            Refusals = settings.Refusals,
            BlackoutInterval = options.Link is null && options.Faults.Allows(FaultClass.DatagramBurstLoss) ? settings.BlackoutInterval : 0,
            BlackoutTime = settings.BlackoutTime,
        };
    }

    public string Describe(WorldOptions options) => string.Create(
        CultureInfo.InvariantCulture,
        $"seed {options.Seed} world links: {Messages} reliable messages, {LinkText.Format(Link)}; filler {MaxFillerBytes}, long {LongMessages}, unreliable "
            + $"{UnreliableMessages}, refused {Refusals}; packets of {Options.MaxPayloadBytes} bytes, {Options.MaxHeldBytes} held; nothing arrives every "
            + $"{BlackoutInterval / 1e9:0.#} s for up to {BlackoutTime / 1e9:0.#} s");

    private static T Pick<T>(SeededRandom random, params ReadOnlySpan<T> choices) => choices[random.Next(choices.Length)];

    private static LinkConditions DrawLink(SeededRandom random)
    {
        var latency = TimeSpan.FromMicroseconds(Pick(random, 0, 500, 15_000, 100_000, 1_000_000));
        return new LinkConditions(
            latency,
            random.Chance(0.5) ? TimeSpan.Zero : latency * random.NextDouble(),
            random.Chance(0.3) ? 0 : random.NextDouble() * 0.4,
            Pick(random, 0L, 0L, 0L, 64_000L, 1_000_000L))
        {
            Duplication = random.Chance(0.5) ? 0 : random.NextDouble() * 0.5,
            Reordering = random.Chance(0.5) ? 0 : random.NextDouble() * 0.25,
        };
    }

    private static LinkConditions Allowed(LinkConditions link, FaultFilter faults) => link with
    {
        Loss = faults.Allows(FaultClass.DatagramLoss) ? link.Loss : 0,
        Duplication = faults.Allows(FaultClass.DatagramDuplicated) ? link.Duplication : 0,
        Reordering = faults.Allows(FaultClass.DatagramReordered) ? link.Reordering : 0,
    };
}
