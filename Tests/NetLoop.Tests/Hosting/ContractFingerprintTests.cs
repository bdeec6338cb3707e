using NUnit.Framework;

namespace NetLoop.Tests.Hosting;

/// <summary>Two programs with different messages find out in the handshake, not when they misread a message.</summary>
public sealed class ContractFingerprintTests
{
    [Test]
    public async Task Connect_SameContracts_OpensASession()
    {
        await using NetServer server = Start(NetContracts.Fingerprint);
        await using NetClient client = await TestHost.ConnectAsync(server, o => o.ContractFingerprint = NetContracts.Fingerprint);
        await TestHost.StopAndCheckAsync(server);
    }

    [Test]
    public async Task Connect_OtherContracts_IsRejectedAndNamesBothSides()
    {
        const ulong other = 0x0123_4567_89AB_CDEF;
        await using NetServer server = Start(NetContracts.Fingerprint);
        Exception? refusal = Assert.CatchAsync(() => TestHost.ConnectAsync(server, o => o.ContractFingerprint = other));
        Assert.That(refusal!.ToString(), Does.Contain($"server 0x{NetContracts.Fingerprint:x16}").And.Contain("client 0x0123456789abcdef"));
        await TestHost.StopAndCheckAsync(server);
    }

    private static NetServer Start(ulong fingerprint)
    {
        NetServer server = TestHost.CreateServer(o =>
        {
            o.ListenTcp("127.0.0.1", 0);
            o.ContractFingerprint = fingerprint;
        });
        server.Start();
        return server;
    }
}
