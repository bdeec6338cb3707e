using System.Numerics;

namespace NetLoop.Demo.Page;

/// <summary>One page that watches.</summary>
/// <remarks>Thread: that of the server's handlers.</remarks>
internal sealed class Spectator(Session session, Vector2 center, float radius)
{
    /// <summary>Its connection.</summary>
    public Session Session { get; } = session;

    /// <summary>The middle of what it sees.</summary>
    public Vector2 Center { get; set; } = center;

    /// <summary>How far it sees around there.</summary>
    public float Radius { get; set; } = radius;
}
