namespace NetLoop.Demo.Page;

/// <summary>What the page's files cannot know.</summary>
/// <param name="WebSocketPort">Where on the page's host its data comes from.</param>
internal sealed record PageConfiguration(int WebSocketPort);
