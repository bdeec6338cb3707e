using System.Net;
using System.Net.Sockets;
using NetLoop.Stack.Linux;
using NUnit.Framework;

namespace NetLoop.Tests.Stack.Linux;

[TestFixture]
[Platform("Linux", Reason = "/proc is of Linux.")]
public sealed class PortTableTests
{
    [TestCase("127.0.0.1:0", "tcp")]
    [TestCase("[::1]:0", "tcp6")]
    public void Find_OwnListener_NamesThisProcess(string endpoint, string protocol)
    {
        LinuxStack stack = new();
        SocketStatus status = stack.Listen(NetEndpoint.Parse(endpoint), 4, out SocketHandle listener, out NetEndpoint bound);
        Assume.That(status, Is.EqualTo(SocketStatus.Ok), "this machine may have no IPv6");
        try
        {
            PortHolder holder = PortTable.Find(bound.Port).Single(found => found.ProcessId == Environment.ProcessId);
            Assert.That(holder.Protocol, Is.EqualTo(protocol));
            Assert.That(holder.Local, Is.EqualTo(bound));
            Assert.That(holder.State, Is.EqualTo("LISTEN"));
            Assert.That(holder.CommandLine, Does.Contain(holder.ProcessName[..4]));
            Assert.That(stack.FindHolder(bound), Is.EqualTo($"process {Environment.ProcessId} ({holder.ProcessName})"));
        }
        finally
        {
            stack.Close(listener, reset: false);
        }

        Assert.That(stack.FindHolder(bound), Is.Null);
    }

    [Test]
    public void FindHolder_UnixListener_NamesThisProcess()
    {
        LinuxStack stack = new();
        NetEndpoint endpoint = NetEndpoint.Unix(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()));
        Assert.That(stack.Listen(endpoint, 4, out SocketHandle listener, out _), Is.EqualTo(SocketStatus.Ok));
        try
        {
            Assert.That(stack.FindHolder(endpoint), Does.StartWith($"process {Environment.ProcessId} ("));
        }
        finally
        {
            stack.Close(listener, reset: false);
            stack.RemoveUnixPath(endpoint);
        }
    }

    [TestCase("127.0.0.1", "udp")]
    [TestCase("::1", "udp6")]
    public void Find_DatagramSocket_NamesThisProcess(string address, string protocol)
    {
        IPAddress local = IPAddress.Parse(address);
        using var socket = new Socket(local.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.Bind(new IPEndPoint(local, 0));
        }
        catch (SocketException exception)
        {
            Assert.Ignore($"This machine has no {address}: {exception.SocketErrorCode}.");
        }

        int port = ((IPEndPoint)socket.LocalEndPoint!).Port;
        PortHolder holder = PortTable.Find(port).Single(found => found.ProcessId == Environment.ProcessId);
        Assert.That((holder.Protocol, holder.State), Is.EqualTo((protocol, (string?)null)));
        Assert.That(holder.Local, Is.EqualTo(NetEndpoint.Tcp(address, port)));
        Assert.That(new LinuxStack().FindHolder(holder.Local), Is.Null, "it keeps nobody from listening");
    }

    [Test]
    public void Find_OtherPortsOfThisProcess_AreLeftOut()
    {
        LinuxStack stack = new();
        Assert.That(stack.Listen(NetEndpoint.Parse("127.0.0.1:0"), 4, out SocketHandle first, out NetEndpoint firstBound), Is.EqualTo(SocketStatus.Ok));
        Assert.That(stack.Listen(NetEndpoint.Parse("127.0.0.1:0"), 4, out SocketHandle second, out _), Is.EqualTo(SocketStatus.Ok));
        Assert.That(PortTable.Find(firstBound.Port).Select(holder => holder.Local.Port), Is.Not.Empty.And.All.EqualTo(firstBound.Port));
        stack.Close(first, reset: false);
        stack.Close(second, reset: false);
    }

    [TestCase(0)]
    [TestCase(65_536)]
    public void Find_PortOutOfRange_IsRejected(int port) =>
        Assert.That(() => PortTable.Find(port), Throws.TypeOf<ArgumentOutOfRangeException>());

    [TestCase("tcp", "   0: 0100007F:1E61 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4711 1 0 100 0 0 10 0", "127.0.0.1:7777")]
    [TestCase("tcp6", "   0: 00000000000000000000000001000000:1E61 00000000000000000000000000000000:0000 0A 0:0 0:0 0 0 0 4711 1", "[::1]:7777")]
    [TestCase("udp", "  12: 00000000:1E61 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 4711 2 0 0", "0.0.0.0:7777")]
    public void ParseBound_Line_IsRead(string protocol, string line, string local)
    {
        BoundSocket? socket = ProcNet.ParseBound(protocol, line);
        Assert.That(socket?.Local.ToString(), Is.EqualTo(local));
        Assert.That(socket?.Inode, Is.EqualTo(4711));
    }

    [TestCase("")]
    [TestCase("  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode")]
    [TestCase("   0: 0100007F:1E61 0100007F:9999 01 00000000:00000000 00:00000000 00000000  1000        0 4711 1")]
    [TestCase("   0: 0100007F 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4711 1")]
    public void ParseBound_HeadingOtherStateOrNonsense_IsNull(string line) => Assert.That(ProcNet.ParseBound("tcp", line), Is.Null);
}
