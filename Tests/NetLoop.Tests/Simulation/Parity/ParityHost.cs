namespace NetLoop.Tests.Simulation.Parity;

/// <summary>The stack and the poller of a script's sockets.</summary>
internal sealed class ParityHost(INetworkStack stack) : IDisposable
{
    /// <summary>Replaced when the process ends.</summary>
    public INetworkStack Stack { get; set; } = stack;

    public IPoller Poller { get; private set; } = stack.CreatePoller(PollerKind.Auto);

    public void ReplacePoller()
    {
        Poller.Dispose();
        Poller = Stack.CreatePoller(PollerKind.Auto);
    }

    public void Dispose() => Poller.Dispose();
}
