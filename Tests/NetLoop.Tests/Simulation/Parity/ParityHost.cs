namespace NetLoop.Tests.Simulation.Parity;

/// <summary>A stack and a poller that a script's sockets live on.</summary>
internal sealed class ParityHost(INetworkStack stack) : IDisposable
{
    /// <summary>Replaced when the process dies.</summary>
    public INetworkStack Stack { get; set; } = stack;

    public IPoller Poller { get; private set; } = stack.CreatePoller(PollerKind.Auto);

    public void ReplacePoller()
    {
        Poller.Dispose();
        Poller = Stack.CreatePoller(PollerKind.Auto);
    }

    public void Dispose() => Poller.Dispose();
}
