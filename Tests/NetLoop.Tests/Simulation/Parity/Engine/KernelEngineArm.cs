using System.Runtime.Versioning;
using NetLoop.Stack.Linux;
using NetLoop.Tests.Hosting;
using NUnit.Framework;

namespace NetLoop.Tests.Simulation.Parity.Engine;

/// <summary>The real kernel: the server runs on its own thread.</summary>
[SupportedOSPlatform("linux")]
internal sealed class KernelEngineArm : EngineArm
{
    private readonly string _directory = Directory.CreateTempSubdirectory("nl-parity-").FullName;

    public KernelEngineArm(TransportKind kind)
    {
        NetEndpoint endpoint = kind == TransportKind.Unix ? NetEndpoint.Unix(Path.Combine(_directory, "server")) : NetEndpoint.Tcp("127.0.0.1", 0);
        Server = NetServer.Create(o => Configure(o, endpoint));
        Register(Server);
        Server.Start();
    }

    public override INetworkStack PeerStack { get; } = new LinuxStack();

    public override void Wait(Func<bool> isSo, string what) => Assert.That(SpinWait.SpinUntil(isSo, TestHost.Patience), Is.True, what);

    public override void Dispose()
    {
        TestHost.StopAndCheckAsync(Server).GetAwaiter().GetResult();
        Directory.Delete(_directory, recursive: true);
    }
}
