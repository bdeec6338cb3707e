using NetLoop.Simulation;
using NetLoop.Tests.Contracts;
using NUnit.Framework;

namespace NetLoop.Tests.Simulation.Network;

/// <summary>Simulated Unix sockets and their files fulfill the contract of all stacks.</summary>
[TestFixture]
internal sealed class SimulatedUnixSocketTests : UnixSocketContract
{
    private SimulatedHost _host = null!;

    protected override PollerKind Kind => PollerKind.Auto;

    protected override TimeProvider Clock => _host.Clock;

    protected override INetworkStack CreateStack()
    {
        // Files persist between tests, so each test has its own host.
        _host = SimulatedHosts.Create();
        return _host.Stack;
    }

    protected override void LeaveStaleFile()
    {
        Assert.That(Stack.Listen(Endpoint, 16, out _, out _), Is.EqualTo(SocketStatus.Ok));
        _host.CloseEverything(withoutAWord: false);
    }

    protected override void WriteFile() => _host.Files.AddRegularFile(Endpoint.Path);

    protected override bool FileExists() => _host.Files.Exists(Endpoint.Path);
}
