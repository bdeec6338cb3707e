using Microsoft.CodeAnalysis;

namespace NetLoop.Tests.Architecture;

/// <summary>What the engine must not call, and what it calls instead.</summary>
internal static class BannedSymbolRule
{
    private const string Clock = "the time of the loop: LoopClock, or a nowNs parameter";
    private const string Timers = "TimerQueue";
    private const string Entropy = "IEntropySource";
    private const string NoDrop = "BoundedChannelFullMode.Wait with TryWrite: a mode that drops reports success for what is lost";
    private const string Stack = "INetworkStack; only Stack/Portable knows the sockets of .NET";
    private const string Native = "INetworkStack; only Stack/Linux calls libc";

    private static readonly Dictionary<string, Ban> Bans = new()
    {
        ["System.DateTime.Now"] = new(Clock),
        ["System.DateTime.UtcNow"] = new(Clock),
        ["System.DateTime.Today"] = new(Clock),
        ["System.DateTimeOffset.Now"] = new(Clock),
        ["System.DateTimeOffset.UtcNow"] = new(Clock),
        ["System.Diagnostics.Stopwatch"] = new(Clock),
        ["System.Environment.TickCount"] = new(Clock),
        ["System.Environment.TickCount64"] = new(Clock),
        ["System.Threading.Thread.Sleep"] = new(Timers),
        ["System.Threading.Tasks.Task.Delay"] = new(Timers),
        ["System.Threading.Timer"] = new(Timers, AllowedIn: "Hosting/Loop/StallWatch.cs"),
        ["System.Threading.PeriodicTimer"] = new(Timers),
        ["System.Timers"] = new(Timers),
        ["System.Random"] = new(Entropy),
        ["System.Guid.NewGuid"] = new(Entropy),
        ["System.Guid.CreateVersion7"] = new(Entropy),
        ["System.Net.Sockets"] = new(Stack, AllowedIn: "Stack/Portable"),
        ["System.Runtime.InteropServices.LibraryImportAttribute"] = new(Native, AllowedIn: "Stack/Linux"),
        ["System.Runtime.InteropServices.DllImportAttribute"] = new(Native, AllowedIn: "Stack/Linux"),
        ["System.Buffers.ArrayPool"] = new("BufferPool"),
        ["System.Threading.Channels.BoundedChannelFullMode.DropNewest"] = new(NoDrop),
        ["System.Threading.Channels.BoundedChannelFullMode.DropOldest"] = new(NoDrop),
        ["System.Threading.Channels.BoundedChannelFullMode.DropWrite"] = new(NoDrop),
        ["Microsoft.Extensions.Logging.LoggerExtensions"] = new("a LoggerMessage, whose limit LogSiteRule sees"),
        ["System.Console"] = new("an ILogger, or an exception for a person to read"),
    };

    public static IEnumerable<string> Check(EngineSources sources)
    {
        foreach (SymbolUse use in sources.Uses())
        {
            if (Find(use.Symbol, out string name) is { } ban && ban.AllowedIn != use.Folder && ban.AllowedIn != use.File)
            {
                yield return $"{use.Place}: {name} is banned here; use {ban.Instead}";
            }
        }
    }

    /// <summary>Looks for the symbol itself, then for its type, then for its namespaces.</summary>
    private static Ban? Find(ISymbol symbol, out string name)
    {
        for (ISymbol? at = symbol; at is not null and not INamespaceSymbol { IsGlobalNamespace: true }; at = at.ContainingSymbol)
        {
            name = FullName(at);
            if (at is INamedTypeSymbol or INamespaceSymbol or { ContainingSymbol: INamedTypeSymbol } && Bans.TryGetValue(name, out Ban? ban))
            {
                return ban;
            }
        }

        name = string.Empty;
        return null;
    }

    private static string FullName(ISymbol symbol) => symbol.ContainingSymbol is null or INamespaceSymbol { IsGlobalNamespace: true }
        ? symbol.Name
        : $"{FullName(symbol.ContainingSymbol)}.{symbol.Name}";

    private sealed record Ban(string Instead, string? AllowedIn = null);
}
