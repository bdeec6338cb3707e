using Microsoft.CodeAnalysis;

namespace NetLoop.Tests.Architecture;

/// <summary>Each warning or error is limited, or it is listed here with the reason why no peer can repeat it.</summary>
internal static class LogSiteRule
{
    private const int Warning = 3;
    private const string Stall = "after seconds of a stall, and again each time it has lasted twice as long";

    private static readonly Dictionary<string, string> Unlimited = new()
    {
        ["HostingLog.StopDeadline"] = "once per loop, at the end of its stop",
        ["HostingLog.HandlerStalled"] = Stall,
        ["HostingLog.HandlerAwaitsItself"] = Stall,
        ["HostingLog.LoopStalled"] = Stall,
        ["HostingLog.CertificateNotReloaded"] = "once for each check of the server's own files",
        ["HostingLog.LoopFailed"] = "the loop ends with it",
        ["HostingLog.NoListeners"] = "once, when the server starts",
    };

    public static IEnumerable<string> Check(EngineSources sources)
    {
        foreach (IMethodSymbol method in sources.DeclaredTypes()
            .SelectMany(declared => ((INamedTypeSymbol)declared.Symbol).GetMembers().OfType<IMethodSymbol>()))
        {
            AttributeData? attribute = method.GetAttributes().FirstOrDefault(attribute => attribute.AttributeClass?.Name == "LoggerMessageAttribute");
            if (attribute is null)
            {
                continue;
            }

            string name = $"{method.ContainingType.Name}.{method.Name}";
            bool isLimited = method.Parameters.Any(parameter => parameter.Type.Name is "Suppressed" or "SuppressedTicks")
                && attribute.ConstructorArguments.Any(argument => argument.Value is string text && text.EndsWith("{Suppressed}", StringComparison.Ordinal));
            if (attribute.ConstructorArguments.Any(argument => argument.Value is int level && argument.Type?.Name == "LogLevel" && level >= Warning)
                && !isLimited
                && !Unlimited.ContainsKey(name))
            {
                yield return $"{EngineSources.Place(method.Locations[0])}: {name} is a warning or an error without a limit; "
                    + "call it through a LogLimiter and end it with {Suppressed}, or list it in LogSiteRule with the reason";
            }
        }
    }
}
