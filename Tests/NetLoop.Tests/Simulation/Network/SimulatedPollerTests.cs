using NetLoop.Simulation;
using NetLoop.Tests.Contracts;
using NUnit.Framework;

namespace NetLoop.Tests.Simulation.Network;

/// <summary>The simulated poller fulfills the contract of all pollers.</summary>
[TestFixture]
internal sealed class SimulatedPollerTests : PollerContract
{
    private readonly SimulatedHost _host = SimulatedHosts.Create();

    protected override PollerKind Kind => PollerKind.Auto;

    protected override TimeProvider Clock => _host.Clock;

    protected override INetworkStack CreateStack() => _host.Stack;
}
