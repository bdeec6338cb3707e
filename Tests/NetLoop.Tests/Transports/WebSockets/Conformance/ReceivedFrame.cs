namespace NetLoop.Tests.Transports.WebSockets.Conformance;

/// <summary>A message or control frame that was received.</summary>
/// <param name="Opcode">1 text, 2 binary, 8 close, 9 ping, 10 pong.</param>
/// <param name="Payload">Unmasked.</param>
internal sealed record ReceivedFrame(int Opcode, byte[] Payload)
{
    public bool Equals(ReceivedFrame? other) => other is not null && Opcode == other.Opcode && Payload.AsSpan().SequenceEqual(other.Payload);

    public override int GetHashCode() => HashCode.Combine(Opcode, Payload.Length);

    public override string ToString() => $"opcode {Opcode}, {Payload.Length} bytes";
}
