using NetLoop.Simulation;

namespace NetLoop.Tests.Simulation.Parity;

/// <summary>Two simulated hosts and the link between them.</summary>
internal sealed class SimulatedArm : ParityArm
{
    /// <summary>Nanoseconds: more than a round trip, less than the system's timers.</summary>
    private const long Soon = 30_000_000;

    private readonly SimulatedNetwork _network;
    private readonly SimulatedHost _near;
    private readonly SimulatedHost _far;

    public SimulatedArm(LinkConditions link)
        : this(new SimulatedNetwork(seed: 1) { IsSelfDriven = true, Link = link })
    {
    }

    private SimulatedArm(SimulatedNetwork network)
        : this(network, network.AddHost("near"), network.AddHost("far"))
    {
    }

    private SimulatedArm(SimulatedNetwork network, SimulatedHost near, SimulatedHost far)
        : base(near.Stack, far.Stack)
    {
        _network = network;
        _near = near;
        _far = far;
        near.LoopbackHost = far;
    }

    public override string PathOf(string name) => $"/run/{name}";

    public override int UnreadOf(ParityHost host, SocketHandle socket) => (host == Near ? _near : _far).Find(socket)!.Unread;

    public override bool Settle(Func<bool> isSo)
    {
        LetThingsHappen();
        while (!isSo())
        {
            if (!LetThingsHappen())
            {
                return isSo();
            }
        }

        return true;
    }

    public override void Await(Func<bool> isSo)
    {
        while (!isSo() && _network.Events.Count > 0)
        {
            _network.Events.FireNext(_network.Events.NextDue);
        }
    }

    public override void CrashFar(IEnumerable<SocketHandle> sockets) => _far.CloseEverything(withoutAWord: false);

    public override void MakeFile(string path) => _far.Files.AddRegularFile(path);

    public override void MakeDirectory(string path) => _far.Files.AddDirectory(path);

    public override void Remove(string path) => _far.Files.Remove(path);

    public override void MakeReadOnly(string path) => _far.Files.MakeReadOnly(path);

    public override void Forbid(string path) => _far.Files.Forbid(path);

    public override bool Exists(string path) => _far.Files.Exists(path);

    public override void Dispose()
    {
        base.Dispose();
        _network.Dispose();
    }

    /// <returns>Whether anything happened.</returns>
    private bool LetThingsHappen()
    {
        long before = _network.Events.Fired;
        long until = _network.Events.Now + Math.Max(_near.TakeBusy(), _far.TakeBusy()) + Soon;
        while (_network.Events.FireNext(until))
        {
            until = _network.Events.Now + Soon;
        }

        return _network.Events.Fired != before;
    }
}
