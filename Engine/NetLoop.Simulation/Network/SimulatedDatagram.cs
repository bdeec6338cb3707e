namespace NetLoop.Simulation;

/// <summary>A datagram in flight or in a receive buffer. The network reuses it when it was read or lost.</summary>
internal sealed class SimulatedDatagram(SimulatedNetwork network) : ISimulatedEvent
{
    private const int UsualBytes = 2_048;

    // The kernel's bookkeeping of one buffer, in bytes, as measured with Linux 6.18: headroom and headers, struct skb_shared_info, struct sk_buff, the smallest
    // head, and the longest datagram that is not kept in pages.
    private const int Headroom = 64;
    private const int SharedInfo = 320;
    private const int SocketBuffer = 256;
    private const int SmallHead = 576;
    private const int LongestHead = 16_384;

    private byte[] _bytes = new byte[UsualBytes];

    /// <summary>The content, which can be changed.</summary>
    public Span<byte> Bytes => _bytes.AsSpan(0, Length);

    /// <summary>Number of bytes.</summary>
    public int Length { get; private set; }

    /// <summary>The address that it claims to come from.</summary>
    public DatagramAddress From { get; set; }

    public DatagramAddress To { get; set; }

    /// <summary>The host that sent it.</summary>
    public required SimulatedHost Origin { get; set; }

    /// <summary>The socket that is told if its port is closed; null if nobody is.</summary>
    public SimulatedDatagramSocket? Sender { get; set; }

    /// <summary>Bytes of the packet with its headers.</summary>
    public int PacketBytes => Length + HeaderBytes(To);

    /// <summary>Bytes that it takes in a receive buffer (truesize).</summary>
    /// <remarks>Source: __alloc_skb and __ip_append_data of Linux; 256 empty datagrams or 92 of 1,200 bytes fit into 212,992 bytes.</remarks>
    public int MemoryBytes
    {
        get
        {
            int head = Length + Headroom + SharedInfo;
            return head <= SmallHead ? SmallHead + SocketBuffer
                : head > LongestHead ? Length + SmallHead + SocketBuffer
                : (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)head) + SocketBuffer;
        }
    }

    /// <summary>Bytes of the IP and UDP headers.</summary>
    public static int HeaderBytes(in DatagramAddress to) => to.IsIPv4 ? 28 : 48;

    public void Fill(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _bytes.Length)
        {
            _bytes = new byte[System.Numerics.BitOperations.RoundUpToPowerOf2((uint)bytes.Length)];
        }

        bytes.CopyTo(_bytes);
        Length = bytes.Length;
    }

    /// <summary>Cuts off its end.</summary>
    public void Truncate(int length) => Length = Math.Min(Length, length);

    void ISimulatedEvent.OnEvent(int kind, long argument) => network.Arrive(this);
}
