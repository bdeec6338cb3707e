using System.Net;
using System.Net.Sockets;

namespace NetLoop.Tests.Demo;

/// <summary>A TCP port that nobody held a moment ago: for commands that cannot print which one they were given.</summary>
internal static class FreePort
{
    public static int Find()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
