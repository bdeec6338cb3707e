namespace NetLoop.Simulation;

/// <summary>The three-way handshake of one attempt, with TCP's retries: a lost or unanswered SYN is sent again after 1, 2, 4... seconds.</summary>
internal sealed class ConnectionAttempt(SimulatedNetwork network, SimulatedSocket client, SimulatedHost target, Link there, Link back) : ISimulatedEvent
{
    /// <summary>Source: tcp_syn_retries of Linux.</summary>
    private const int MaxTries = 7;

    private const long FirstRetry = 1_000_000_000;

    public void Begin()
    {
        long arrival = there.ArrivalOf(0, client.Host.Now, 0);
        if (arrival <= network.Events.Now || there.IsInstant(network.Events.Now))
        {
            Arrive(tries: 1);
        }
        else
        {
            network.Events.Schedule(arrival, this, 0, argument: 1);
        }
    }

    void ISimulatedEvent.OnEvent(int kind, long argument) => Arrive((int)argument);

    private void Arrive(int tries)
    {
        long now = network.Events.Now;
        if (client.IsClosed || client.State != SocketState.Connecting)
        {
            return;
        }

        bool isCut = there.IsCut || back.IsCut;
        SimulatedSocket? listener = target.IsUp && !isCut ? network.FindListener(target, client.Remote, client.Local.Port) : null;
        if (listener is null && target.IsUp && !isCut)
        {
            client.FailConnectAt(back.ArrivalOfControl(now), SocketStatus.ConnectionRefused);
        }
        else if (listener is not null && listener.Waiting.Count <= listener.Backlog)
        {
            var server = new SimulatedTcpSocket(network, target, SocketState.Connecting) { Local = client.Remote, Remote = client.Local };
            network.Meet(client, server, listener);
            client.ConnectAt(there.IsInstant(now) && back.IsInstant(now) ? now : back.ArrivalOfControl(now));
        }
        else if (tries < MaxTries)
        {
            network.Events.Schedule(now + (FirstRetry << (tries - 1)), this, 0, tries + 1);
        }
        else
        {
            client.FailConnectAt(now, SocketStatus.TimedOut);
        }
    }
}
