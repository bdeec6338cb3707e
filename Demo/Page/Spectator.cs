using System.Numerics;

namespace NetLoop.Demo.Page;

/// <summary>A page that watches.</summary>
/// <remarks>Thread: the one that runs the server's handlers.</remarks>
internal sealed class Spectator(Session session, Vector2 center, float radius)
{
    /// <summary>The page's session.</summary>
    public Session Session { get; } = session;

    /// <summary>The center of the part that it shows.</summary>
    public Vector2 Center { get; set; } = center;

    /// <summary>The distance from the center that it shows.</summary>
    public float Radius { get; set; } = radius;
}
