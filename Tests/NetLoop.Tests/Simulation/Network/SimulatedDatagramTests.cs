using NetLoop.Simulation;
using NetLoop.Tests.Contracts;
using NUnit.Framework;

namespace NetLoop.Tests.Simulation.Network;

/// <summary>The simulated sockets fulfill the contract of datagrams.</summary>
[TestFixture]
internal sealed class SimulatedDatagramTests : DatagramContract
{
    private readonly SimulatedHost _host = SimulatedHosts.Create();

    protected override PollerKind Kind => PollerKind.Auto;

    protected override TimeProvider Clock => _host.Clock;

    protected override INetworkStack CreateStack() => _host.Stack;
}
