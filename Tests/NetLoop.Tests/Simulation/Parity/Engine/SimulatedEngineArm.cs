using NetLoop.Simulation;
using NUnit.Framework;

namespace NetLoop.Tests.Simulation.Parity.Engine;

/// <summary>The simulated kernel: the server runs while the test waits.</summary>
internal sealed class SimulatedEngineArm : EngineArm
{
    private const long Millisecond = 1_000_000;
    private const long Longest = 60_000 * Millisecond;

    private readonly Simulator _simulator = new(seed: 1);
    private readonly SimulatedHost _peer;

    public SimulatedEngineArm(TransportKind kind)
    {
        SimulatedHost host = _simulator.Network.AddHost("server");
        _peer = _simulator.Network.AddHost("peer");
        _peer.LoopbackHost = host;
        WorkerContext? workers = null;
        Server = NetServer.Create(o =>
        {
            workers = _simulator.Configure(o, host);
            Configure(o, kind == TransportKind.Unix ? NetEndpoint.Unix("/run/server") : NetEndpoint.Tcp("127.0.0.1", 7777));
        });
        Register(Server);
        Server.Open();
        _simulator.Run(host, Server.Loop, workers!, isDedicated: false);
    }

    public override INetworkStack PeerStack => _peer.Stack;

    public override void Wait(Func<bool> isSo, string what)
    {
        long end = _simulator.Network.Events.Now + Longest;
        while (!isSo())
        {
            Assert.That(_simulator.Network.Events.Now, Is.LessThan(end), what);
            _peer.TakeBusy();
            _simulator.RunUntil(_simulator.Network.Events.Now + Millisecond);
        }
    }

    public override void Dispose() => _simulator.Dispose();
}
