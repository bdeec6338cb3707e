using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace NetLoop.Tests.Demo;

/// <summary>Finds a port that stays free until a test listens on it: none of those that the system assigns to connections and to listeners on port 0.</summary>
internal static class FreePort
{
    private const string EphemeralRange = "/proc/sys/net/ipv4/ip_local_port_range";
    private const int First = 10_000;
    private const int UsualFirstEphemeral = 32_768;

    /// <summary>The port, on 127.0.0.1.</summary>
    public static int Find()
    {
        int end = FirstEphemeral();
        while (true)
        {
            int port = end > First ? Random.Shared.Next(First, end) : 0;
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return ((IPEndPoint)socket.LocalEndPoint!).Port;
            }
            catch (SocketException)
            {
                // In use: try another one.
            }
        }
    }

    private static int FirstEphemeral() =>
        File.Exists(EphemeralRange) && File.ReadAllText(EphemeralRange).Split('\t', ' ') is [var first, ..]
            ? int.Parse(first, CultureInfo.InvariantCulture)
            : UsualFirstEphemeral;
}
