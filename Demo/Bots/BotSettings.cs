using System.Security.Cryptography.X509Certificates;

namespace NetLoop.Demo.Bots;

/// <summary>What a command line says about bots.</summary>
/// <param name="Remote">Their server.</param>
/// <param name="Count">How many.</param>
/// <param name="Rate">Messages that each of them sends in a second.</param>
/// <param name="Seed">The same seed gives the same walks.</param>
internal sealed record BotSettings(NetEndpoint Remote, int Count, int Rate, int Seed)
{
    /// <summary>The only authorities that may have issued the server's certificate; null for those of the operating system.</summary>
    public X509Certificate2Collection? Trusted { get; init; }
}
