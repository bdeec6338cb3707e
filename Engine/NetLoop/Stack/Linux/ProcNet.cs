using System.Buffers.Binary;
using System.Globalization;

namespace NetLoop.Stack.Linux;

/// <summary>Reads the socket tables of /proc/net. Source: proc(5), section /proc/net.</summary>
internal static class ProcNet
{
    private const string TcpListen = "0A";
    private const string UdpUnconnected = "07";

    /// <summary>SO_ACCEPTCON in the flags of /proc/net/unix: the socket is listening.</summary>
    private const uint AcceptsConnections = 0x10000;

    /// <summary>The listening TCP and unconnected UDP sockets on a port of any address.</summary>
    public static List<BoundSocket> ReadBound(int port)
    {
        List<BoundSocket> sockets = [];
        foreach (string protocol in (ReadOnlySpan<string>)["tcp", "tcp6", "udp", "udp6"])
        {
            foreach (string line in ReadLines(protocol))
            {
                if (ParseBound(protocol, line) is { } socket && socket.Local.Port == port)
                {
                    sockets.Add(socket);
                }
            }
        }

        return sockets;
    }

    /// <summary>The inodes of the listening Unix sockets on a path.</summary>
    public static HashSet<ulong> ReadUnixListeners(string path)
    {
        HashSet<ulong> inodes = [];
        foreach (string line in ReadLines("unix"))
        {
            // Num RefCount Protocol Flags Type St Inode Path; the path may contain spaces.
            string[] fields = line.Split(' ', 8, StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length == 8
                && fields[7] == path
                && uint.TryParse(fields[3], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out uint flags)
                && (flags & AcceptsConnections) != 0
                && ulong.TryParse(fields[6], CultureInfo.InvariantCulture, out ulong inode))
            {
                inodes.Add(inode);
            }
        }

        return inodes;
    }

    /// <summary>Reads one line; null for a heading, another state, or anything unexpected.</summary>
    internal static BoundSocket? ParseBound(string protocol, string line)
    {
        // sl local_address rem_address st tx:rx tr:when retrnsmt uid timeout inode ...
        string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        bool isTcp = protocol.StartsWith("tcp", StringComparison.Ordinal);
        if (fields.Length < 10
            || fields[3] != (isTcp ? TcpListen : UdpUnconnected)
            || !TryParseAddress(fields[1], out NetEndpoint local)
            || !ulong.TryParse(fields[9], CultureInfo.InvariantCulture, out ulong inode))
        {
            return null;
        }

        return new BoundSocket(protocol, local, isTcp ? "LISTEN" : null, inode);
    }

    /// <summary>Parses <c>0100007F:1E61</c>: the address as 32-bit words in this machine's byte order, the port as a plain number.</summary>
    private static bool TryParseAddress(string text, out NetEndpoint endpoint)
    {
        endpoint = default;
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon is not (8 or 32)
            || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ushort port))
        {
            return false;
        }

        UInt128 address = 0;
        for (int start = 0; start < colon; start += 8)
        {
            if (!uint.TryParse(text.AsSpan(start, 8), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out uint word))
            {
                return false;
            }

            address = (address << 32) | (BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(word) : word);
        }

        endpoint = colon == 8 ? NetEndpoint.FromIPv4((uint)address, port) : NetEndpoint.FromIPv6(address, scopeId: 0, port);
        return true;
    }

    private static IEnumerable<string> ReadLines(string table)
    {
        // Without IPv6 there is no tcp6.
        string path = $"/proc/net/{table}";
        return File.Exists(path) ? File.ReadLines(path) : [];
    }
}
