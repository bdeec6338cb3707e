using System.Buffers.Binary;
using System.Text;
using NetLoop.Transports;
using NUnit.Framework;

namespace NetLoop.Tests.Transports;

public sealed class ProxyHeaderTests
{
    [TestCase("PROXY TCP4 192.0.2.7 10.0.0.1 40000 443\r\n", "tcp://192.0.2.7:40000")]
    [TestCase("PROXY TCP4 1.1.1.1 2.2.2.2 1 2\r\n", "tcp://1.1.1.1:1")]
    [TestCase("PROXY TCP6 2001:db8::7 ::1 40000 443\r\n", "tcp://[2001:db8::7]:40000")]
    [TestCase(
        "PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n",
        "tcp://[ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe]:65535")]
    [TestCase("PROXY UNKNOWN\r\n", "")]
    [TestCase("PROXY UNKNOWN ffff::1 ffff::2 65535 65535\r\n", "")]
    public void Read_Text_InPiecesOfEverySize_EndsAtTheLine(string header, string expected)
    {
        byte[] stream = [.. Encoding.ASCII.GetBytes(header), .. "what follows"u8];
        for (int piece = 1; piece <= stream.Length; piece++)
        {
            Assert.That(ReadFrom(stream, piece, out NetEndpoint source, out int used), Is.EqualTo(ProxyHeaderStatus.Complete));
            Assert.That((source.ToUri(), used), Is.EqualTo((expected, header.Length)));
        }
    }

    [TestCase("PROXY TCP4 192.0.2.7 10.0.0.1 40000\r\n")]
    [TestCase("PROXY TCP4 192.0.2.7 10.0.0.1 40000 443 1\r\n")]
    [TestCase("PROXY TCP4 2001:db8::7 ::1 40000 443\r\n")]
    [TestCase("PROXY TCP6 192.0.2.7 10.0.0.1 40000 443\r\n")]
    [TestCase("PROXY TCP4 192.0.2.007 10.0.0.1 40000 443\r\n")]
    [TestCase("PROXY TCP4 192.0.2 10.0.0.1 40000 443\r\n")]
    [TestCase("PROXY TCP4 * 10.0.0.1 40000 443\r\n")]
    [TestCase("PROXY TCP4 192.0.2.7 10.0.0.1 65536 443\r\n")]
    [TestCase("PROXY TCP4 192.0.2.7 10.0.0.1 040 443\r\n")]
    [TestCase("PROXY TCP4 192.0.2.7 10.0.0.1 -1 443\r\n")]
    [TestCase("PROXY UDP4 192.0.2.7 10.0.0.1 40000 443\r\n")]
    [TestCase("PROXY TCP4  192.0.2.7 10.0.0.1 40000 443\r\n")]
    public void Read_TextThatIsWrong_IsMalformed(string header) =>
        Assert.That(ReadFrom(Encoding.ASCII.GetBytes(header), 7, out _, out _), Is.EqualTo(ProxyHeaderStatus.Malformed));

    [Test]
    public void Read_LineWithoutEnd_IsMalformedAtItsLimit()
    {
        byte[] stream = [.. "PROXY UNKNOWN "u8, .. Enumerable.Repeat((byte)'x', 200)];
        Assert.That(ReadFrom(stream, 1, out _, out int used), Is.EqualTo(ProxyHeaderStatus.Malformed));
        Assert.That(used, Is.LessThanOrEqualTo(107));
    }

    [TestCase("")]
    [TestCase("PROX")]
    [TestCase("\r\n\r\n")]
    public void Read_Begin_IsIncomplete(string begin) =>
        Assert.That(ProxyHeader.Read(Encoding.ASCII.GetBytes(begin), out _, out _), Is.EqualTo(ProxyHeaderStatus.Incomplete));

    [TestCase("GET / HTTP/1.1\r\n")]
    [TestCase("PROXYTCP4")]
    [TestCase("\u0016\u0003\u0001")]
    [TestCase("\r\n\r\nX")]
    public void Read_AnythingElse_IsMissing(string begin) =>
        Assert.That(ProxyHeader.Read(Encoding.ASCII.GetBytes(begin), out _, out _), Is.EqualTo(ProxyHeaderStatus.Missing));

    [TestCase(0x21, 0x11, 0, "tcp://192.0.2.7:40000")]
    [TestCase(0x21, 0x11, 300, "tcp://192.0.2.7:40000")]
    [TestCase(0x21, 0x21, 0, "tcp://[2001:db8::7]:40000")]
    [TestCase(0x21, 0x21, 25, "tcp://[2001:db8::7]:40000")]
    [TestCase(0x21, 0x31, 0, "unix:///run/client.sock")]
    [TestCase(0x20, 0x00, 0, "")]
    [TestCase(0x20, 0x11, 0, "")]
    [TestCase(0x21, 0x00, 12, "")]
    public void Read_Binary_InPiecesOfEverySize_EndsAtItsLength(int command, int family, int recordBytes, string expected)
    {
        byte[] header = Binary((byte)command, (byte)family, recordBytes);
        byte[] stream = [.. header, .. "what follows"u8];
        for (int piece = 1; piece <= stream.Length; piece++)
        {
            Assert.That(ReadFrom(stream, piece, out NetEndpoint source, out int used), Is.EqualTo(ProxyHeaderStatus.Complete));
            Assert.That((source.ToUri(), used), Is.EqualTo((expected, header.Length)));
        }
    }

    [TestCase(0x11, 0x11)]
    [TestCase(0x22, 0x11)]
    [TestCase(0x21, 0x12)]
    [TestCase(0x21, 0x41)]
    public void Read_BinaryOfAnotherKind_IsMalformed(int command, int family) =>
        Assert.That(ReadFrom(Binary((byte)command, (byte)family, 40), 100, out _, out _), Is.EqualTo(ProxyHeaderStatus.Malformed));

    [TestCase(0x11, 11)]
    [TestCase(0x21, 35)]
    [TestCase(0x31, 215)]
    public void Read_BinaryShorterThanItsAddresses_IsMalformed(int family, int addressBytes)
    {
        byte[] header = Binary(0x21, (byte)family, 0);
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(14), (ushort)addressBytes);
        Assert.That(ReadFrom(header, 100, out _, out _), Is.EqualTo(ProxyHeaderStatus.Malformed));
    }

    [Test]
    public void Read_BinaryLongerThanAllowed_IsMalformedBeforeItArrives()
    {
        byte[] header = Binary(0x21, 0x11, 0)[..16];
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(14), ProxyHeader.MaxBytes - 15);
        Assert.That(ProxyHeader.Read(header, out _, out _), Is.EqualTo(ProxyHeaderStatus.Malformed));
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(14), ProxyHeader.MaxBytes - 16);
        Assert.That(ProxyHeader.Read(header, out _, out int missing), Is.EqualTo(ProxyHeaderStatus.Incomplete));
        Assert.That(missing, Is.EqualTo(ProxyHeader.MaxBytes - 16));
    }

    /// <summary>A version 2 header with client 192.0.2.7, 2001:db8::7 or /run/client.sock, and records behind its addresses.</summary>
    internal static byte[] Binary(byte command, byte family, int recordBytes)
    {
        byte[] addresses = (family & 0xF0) switch
        {
            0x10 => [192, 0, 2, 7, 10, 0, 0, 1, 0x9C, 0x40, 0x01, 0xBB],
            0x20 =>
            [
                0x20, 0x01, 0x0D, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7,
                0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
                0x9C, 0x40, 0x01, 0xBB,
            ],
            0x30 => [.. "/run/client.sock"u8, .. new byte[216 - 16]],
            _ => [],
        };
        byte[] header = [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A, command, family, 0, 0, .. addresses, .. new byte[recordBytes]];
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(14), (ushort)(header.Length - 16));
        return header;
    }

    // Receives as a channel does: no more than is missing, and no more than a piece at a time.
    private static ProxyHeaderStatus ReadFrom(byte[] stream, int piece, out NetEndpoint source, out int used)
    {
        used = 0;
        while (true)
        {
            ProxyHeaderStatus status = ProxyHeader.Read(stream.AsSpan(0, used), out source, out int missing);
            if (status != ProxyHeaderStatus.Incomplete || used == stream.Length)
            {
                return status;
            }

            Assert.That(missing, Is.Positive);
            used = Math.Min(stream.Length, used + Math.Min(missing, piece));
        }
    }
}
