using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace NetLoop.Stack.Linux;

/// <summary>Endpoints in the kernel's formats: <c>sockaddr_in</c>, <c>sockaddr_in6</c> and <c>sockaddr_un</c>.</summary>
/// <remarks>Source: ip(7), ipv6(7), unix(7). The family is in the machine's byte order; port and address are in network byte order.</remarks>
internal static class SocketAddress
{
    /// <summary>Size of the largest, <c>sockaddr_un</c>: a family of two bytes and a path of 108.</summary>
    public const int MaxBytes = 110;

    private const int IPv4Bytes = 16;
    private const int IPv6Bytes = 28;
    private const int PathOffset = 2;

    public static int FamilyOf(in NetEndpoint endpoint) =>
        endpoint.Transport == TransportKind.Unix ? Libc.AF_UNIX : endpoint.IsIPv4 ? Libc.AF_INET : Libc.AF_INET6;

    /// <summary>Writes an endpoint and returns the length of its address.</summary>
    /// <param name="endpoint">Not the default value.</param>
    /// <param name="address">Zeroed, <see cref="MaxBytes"/> long.</param>
    public static uint Write(in NetEndpoint endpoint, Span<byte> address)
    {
        int family = FamilyOf(endpoint);
        ushort nativeFamily = (ushort)family;
        MemoryMarshal.Write(address, in nativeFamily);
        switch (family)
        {
            case Libc.AF_INET:
                BinaryPrimitives.WriteUInt16BigEndian(address[2..], (ushort)endpoint.Port);
                BinaryPrimitives.WriteUInt32BigEndian(address[4..], (uint)endpoint.Address);
                return IPv4Bytes;

            case Libc.AF_INET6:
                uint scopeId = endpoint.ScopeId;
                BinaryPrimitives.WriteUInt16BigEndian(address[2..], (ushort)endpoint.Port);
                BinaryPrimitives.WriteUInt128BigEndian(address[8..], endpoint.Address);
                MemoryMarshal.Write(address[24..], in scopeId);
                return IPv6Bytes;

            default:
                // With the final zero that unix(7) recommends for portable programs.
                return (uint)(PathOffset + Encoding.UTF8.GetBytes(endpoint.Path, address[PathOffset..]) + 1);
        }
    }

    /// <summary>Reads an address written by accept4 or getsockname. Allocates only for a Unix socket with a name.</summary>
    public static NetEndpoint Read(ReadOnlySpan<byte> address)
    {
        if (address.Length < sizeof(ushort))
        {
            return NetEndpoint.FromUnixPath("");
        }

        return MemoryMarshal.Read<ushort>(address) switch
        {
            Libc.AF_INET => NetEndpoint.FromIPv4(
                BinaryPrimitives.ReadUInt32BigEndian(address[4..]),
                BinaryPrimitives.ReadUInt16BigEndian(address[2..])),

            Libc.AF_INET6 => NetEndpoint.FromIPv6(
                BinaryPrimitives.ReadUInt128BigEndian(address[8..]),
                MemoryMarshal.Read<uint>(address[24..]),
                BinaryPrimitives.ReadUInt16BigEndian(address[2..])),

            _ => ReadPath(address[PathOffset..]),
        };
    }

    private static NetEndpoint ReadPath(ReadOnlySpan<byte> path)
    {
        // An abstract name begins with a zero. A client with an abstract name counts as unnamed.
        int end = path.IndexOf((byte)0);
        return NetEndpoint.FromUnixPath(Encoding.UTF8.GetString(end < 0 ? path : path[..end]));
    }
}
