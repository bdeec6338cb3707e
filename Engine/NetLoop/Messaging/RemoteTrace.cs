using System.Diagnostics;

namespace NetLoop.Messaging;

/// <summary>The trace context of a received request, for the activity around its handler.</summary>
internal sealed class RemoteTrace(in ActivityContext context)
{
    private readonly ActivityContext _context = context;

    /// <summary>The activity of the other side.</summary>
    public ref readonly ActivityContext Context => ref _context;
}
