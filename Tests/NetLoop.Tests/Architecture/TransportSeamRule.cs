using Microsoft.CodeAnalysis;

namespace NetLoop.Tests.Architecture;

/// <summary>Code that uses a connection must not depend on its transport: no stream, socket, framer or WebSocket.</summary>
internal static class TransportSeamRule
{
    private static readonly string[] Stations = ["Messaging", "Sessions", "Handlers"];
    private static readonly string[] Types = ["SocketHandle", "SocketStatus", "INetworkStack", "IFramer", "IFrameWriter", "PolledSocket", "SocketTable"];

    public static IEnumerable<string> Check(EngineSources sources) =>
        from use in sources.Uses()
        where Stations.Contains(use.Station)
        let type = use.Symbol as INamedTypeSymbol ?? use.Symbol.ContainingType
        where type is not null && (Types.Contains(type.Name) || FolderOf(type) is "Transports/Streams" or "Transports/WebSockets" or "Framing/WebSockets")
        select $"{use.Place}: {use.Station} uses {type.Name}, which only transports know";

    private static string? FolderOf(INamedTypeSymbol type) =>
        type.OriginalDefinition.DeclaringSyntaxReferences.FirstOrDefault() is { } declaration
            ? new SymbolUse(declaration.SyntaxTree.FilePath, string.Empty, type).Folder
            : null;
}
