using System.Text;

namespace NetLoop.Framing.WebSockets;

/// <summary>Answers the health checks of proxies and orchestrators: plain HTTP requests for one path of a WebSocket listener.</summary>
/// <param name="path">The path, beginning with a slash.</param>
/// <param name="findProblem">Returns why the server accepts no more clients; null while it accepts them. Called on the loop.</param>
internal sealed class HealthCheck(string path, Func<string?> findProblem)
{
    private readonly byte[] _path = Encoding.ASCII.GetBytes(path);

    /// <summary>Whether a request is for the path, with or without a query.</summary>
    public bool IsAt(ReadOnlySpan<byte> target) => target.StartsWith(_path) && (target.Length == _path.Length || target[_path.Length] == (byte)'?');

    /// <summary>Creates the response: 200, or 503 with the reason.</summary>
    public UpgradeResponse Answer() => findProblem() is { } problem ? new(503, problem) { IsHealth = true } : new(200, "OK") { IsHealth = true };
}
