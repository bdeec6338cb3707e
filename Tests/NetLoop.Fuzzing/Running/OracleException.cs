namespace NetLoop.Fuzzing.Running;

/// <summary>A parser violated a condition that holds for every input; the message describes it.</summary>
internal sealed class OracleException(string message) : Exception(message);
