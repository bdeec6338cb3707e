namespace NetLoop;

/// <summary>Thrown when the engine finds its own state broken: always a bug of NetLoop, or a lease used after its return.</summary>
/// <remarks>Thread: any. Never caused by input from a peer.</remarks>
public sealed class InvariantViolationException(string message) : Exception(message);
