using NetLoop.Simulation;

namespace NetLoop.Tests.Simulation.Network;

/// <summary>Creates simulated hosts for the contract suites of stacks and pollers: a wait advances the virtual time.</summary>
internal static class SimulatedHosts
{
    public static SimulatedHost Create() => new SimulatedNetwork(seed: 1) { IsSelfDriven = true }.AddHost("host");
}
