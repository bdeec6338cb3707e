namespace NetLoop.Fuzzing.Running;

/// <summary>A parser did what none may do; the message says what.</summary>
internal sealed class OracleException(string message) : Exception(message);
