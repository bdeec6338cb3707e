namespace NetLoop;

/// <summary>Thrown when the engine finds its own state broken, which is always a bug in NetLoop, or when a lease is used after its return.</summary>
/// <remarks>Thread: any. Never caused by input from a peer.</remarks>
public sealed class InvariantViolationException(string message) : Exception(message);
