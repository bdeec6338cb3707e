namespace NetLoop.Demo.Bots;

/// <summary>What a command line says about bots.</summary>
/// <param name="Remote">Their server.</param>
/// <param name="Count">How many.</param>
/// <param name="Rate">Messages that each of them sends in a second.</param>
/// <param name="Seed">The same seed gives the same walks.</param>
internal sealed record BotSettings(NetEndpoint Remote, int Count, int Rate, int Seed);
