using System.CommandLine;
using NetLoop.Demo.CommandLine;
using NUnit.Framework;

namespace NetLoop.Tests.Demo.CommandLine;

[TestFixture]
[Parallelizable]
public sealed class AddressesTests
{
    [TestCase("7800", "127.0.0.1:7800")]
    [TestCase(":7800", "127.0.0.1:7800")]
    [TestCase("0", "127.0.0.1:0")]
    [TestCase("0.0.0.0:7800", "0.0.0.0:7800")]
    [TestCase("[::1]:7800", "[::1]:7800")]
    public void ReadTcp_PortAlone_IsOneOfThisMachineOnly(string text, string endpoint)
    {
        Assert.That(Addresses.ReadTcp(text), Is.EqualTo(NetEndpoint.Parse(endpoint)));
        Assert.That(Addresses.ReadWebSocket(text), Is.EqualTo(NetEndpoint.Parse($"ws://{endpoint}")));
    }

    [TestCase("")]
    [TestCase(":")]
    [TestCase("::")]
    [TestCase("78000")]
    [TestCase("-1")]
    [TestCase("7800x")]
    public void ReadTcp_NoPort_SaysWhatToWrite(string text) =>
        Assert.That(() => Addresses.ReadTcp(text), Throws.TypeOf<FormatException>().With.Message.Contains("write "));

    [Test]
    public void Connect_PortAlone_IsOneOfThisMachine()
    {
        Option<NetEndpoint?> connect = Addresses.Connect();
        ParseResult parsed = new Command("x") { connect }.Parse(["--connect", "7800"]);
        Assert.That(parsed.GetValue(connect), Is.EqualTo(NetEndpoint.Tcp("127.0.0.1", 7800)));
    }

    [TestCase("0.0.0.0:27700")]
    [TestCase("127.0.0.1:27700", "--host", "127.0.0.1")]
    [TestCase("[::1]:5000", "--host", "::1", "--port", "5000")]
    public void At_HostAndPort_AreOneEndpoint(string endpoint, params string[] arguments)
    {
        Option<NetEndpoint?> host = Addresses.Host("Where", "0.0.0.0");
        Option<int> port = OptionFactory.Integer("--port", "The port", 27_700, min: 0, max: ushort.MaxValue);
        ParseResult parsed = new Command("x") { host, port }.Parse(arguments);
        Assert.That(parsed.At(host, "0.0.0.0", port), Is.EqualTo(NetEndpoint.Parse(endpoint)));
    }
}
