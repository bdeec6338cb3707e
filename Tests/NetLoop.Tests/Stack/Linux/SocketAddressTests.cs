using NetLoop.Stack.Linux;
using NUnit.Framework;

namespace NetLoop.Tests.Stack.Linux;

[TestFixture]
public sealed class SocketAddressTests
{
    [TestCase("127.0.0.1:7777", 16)]
    [TestCase("[2001:db8::1]:7777", 28)]
    [TestCase("[fe80::1%3]:65535", 28)]
    [TestCase("unix:/run/é.sock", 2 + 12 + 1)]
    public void Read_WhatWriteWrote_IsTheSameEndpoint(string text, int length)
    {
        NetEndpoint endpoint = NetEndpoint.Parse(text);
        byte[] address = new byte[SocketAddress.MaxBytes];
        Assert.That(SocketAddress.Write(endpoint, address), Is.EqualTo(length));
        Assert.That(SocketAddress.Read(address.AsSpan(0, length)), Is.EqualTo(endpoint));
    }

    [Test]
    public void Write_LongestPath_FillsTheAddress()
    {
        byte[] address = new byte[SocketAddress.MaxBytes];
        Assert.That(SocketAddress.Write(NetEndpoint.Unix(new string('a', 107)), address), Is.EqualTo(110));
        Assert.That(address[^1], Is.Zero);
    }

    [Test]
    public void Read_PathOfAPeerThatIsNotText_IsTakenAsItIs()
    {
        byte[] address = new byte[SocketAddress.MaxBytes];
        address.AsSpan().Fill(0xFF);
        address[0] = Libc.AF_UNIX;
        address[1] = 0;
        Assert.That(SocketAddress.Read(address).Transport, Is.EqualTo(TransportKind.Unix));
    }

    [TestCase(0)]
    [TestCase(2)]
    public void Read_NothingButAFamily_IsAnUnnamedUnixPeer(int length) =>
        Assert.That(SocketAddress.Read(new byte[] { Libc.AF_UNIX, 0 }.AsSpan(0, length)), Is.EqualTo(NetEndpoint.FromUnixPath("")));

    [Test]
    public void Read_TcpAddress_AllocatesNothing()
    {
        byte[] address = new byte[SocketAddress.MaxBytes];
        SocketAddress.Write(NetEndpoint.Tcp("127.0.0.1", 7777), address);
        SocketAddress.Read(address);
        long before = GC.GetAllocatedBytesForCurrentThread();
        SocketAddress.Read(address);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }
}
