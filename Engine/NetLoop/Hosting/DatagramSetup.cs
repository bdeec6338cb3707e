using NetLoop.Sessions;
using NetLoop.Transports.Datagrams;
using NetLoop.Transports.Datagrams.Reliability;

namespace NetLoop.Hosting;

/// <summary>Turns the options of a listener or client into the settings of its datagram connections.</summary>
internal static class DatagramSetup
{
    /// <summary>Bytes of the kernel's buffers if the options name none: a burst of a thousand clients, or a pause of a few milliseconds.</summary>
    private const int SocketBufferBytes = 4 << 20;

    /// <summary>The limits of the connections.</summary>
    /// <param name="options">The options.</param>
    /// <param name="maxDatagramBytes">The longest datagram.</param>
    /// <param name="opensByHello">Whether sessions open by Hello.</param>
    public static DatagramLimits LimitsOf(SessionOptions options, int maxDatagramBytes, bool opensByHello) => new(
        new LinkOptions
        {
            MaxBodyBytes = options.MaxBodyBytes,
            LongestPayloadBytes = maxDatagramBytes - LinkOptions.PacketOverhead,
            MaxHeldBytes = Math.Max(Math.Max(512 << 10, 2 * options.MaxBodyBytes), options.MaxSendQueueBytes),
        },
        options.MaxSendQueueBytes,
        options.MaxSendQueueMessages,
        SessionProfile.Nanoseconds(options.HandshakeTimeout),
        SessionProfile.Nanoseconds(options.CloseTimeout),
        SessionProfile.Nanoseconds(options.MaxSendStall))
    {
        AdmitsLater = opensByHello,
    };

    /// <summary>The options of the socket.</summary>
    public static DatagramSocketOptions SocketOptionsOf(SessionOptions options, bool isServer) => new(
        options.ReceiveBufferBytes > 0 ? options.ReceiveBufferBytes : isServer ? SocketBufferBytes : 0,
        options.SendBufferBytes > 0 ? options.SendBufferBytes : isServer ? SocketBufferBytes : 0,
        IsUnfragmented: true);
}
