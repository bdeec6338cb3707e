namespace NetLoop.Worlds;

/// <summary>Sends a packet.</summary>
internal delegate void DatagramSend(in DatagramAddress to, ReadOnlySpan<byte> packet);
