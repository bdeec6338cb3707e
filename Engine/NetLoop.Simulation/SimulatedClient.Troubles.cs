using NetLoop.Simulation;

namespace NetLoop;

/// <content>Failures that happen to a client.</content>
public sealed partial class SimulatedClient
{
    /// <summary>The link between this client and its server; at first the <see cref="NetSimulation.Link"/> at the time of its creation.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range; the message says which.</exception>
    public LinkConditions Link
    {
        get => _link;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            value.Validate();
            _link = value;
            _simulation.Simulator.Network.SetLink(_host, _server.Host, value);
        }
    }

    /// <summary>Whether <see cref="CutLink"/> was called last, and not <see cref="HealLink"/>.</summary>
    public bool IsLinkCut { get; private set; }

    /// <summary>Stops all traffic between client and server, as in a tunnel. Both sides detect this only by their timeouts.</summary>
    public void CutLink()
    {
        IsLinkCut = true;
        _simulation.Simulator.Network.Cut(_host, _server.Host);
    }

    /// <summary>Repairs the link. Data that TCP still holds arrives after its retransmission timeout.</summary>
    public void HealLink()
    {
        IsLinkCut = false;
        _simulation.Simulator.Network.Heal(_host, _server.Host);
    }

    /// <summary>
    /// Makes its router give its datagram flows another port, as when a NAT forgets them: the server sees the next datagrams come from another address, and
    /// what it sends to the old one is lost. TCP connections are not affected.
    /// </summary>
    /// <param name="changesHost">Whether the IP address changes too, as on the way from one network into another.</param>
    public void ChangeAddress(bool changesHost = false) => _simulation.Simulator.Network.TranslationOf(_host).Rebind(changesHost);

    /// <summary>
    /// Makes its process stop reading while it continues to send, as a slow consumer does, until <see cref="ResumeReading"/> or the end of the
    /// process.
    /// </summary>
    public void StopReading() => _host.SetReading(false);

    /// <summary>Makes its process read again.</summary>
    public void ResumeReading() => _host.SetReading(true);

    /// <summary>Pauses its process for a while, as a garbage collection does; its kernel continues to receive.</summary>
    /// <param name="duration">More than zero.</param>
    public void Pause(TimeSpan duration)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(duration, TimeSpan.Zero);
        _driver!.PauseUntil(_simulation.Simulator.Network.Events.Now + NetSimulation.Nanoseconds(duration));
    }

    /// <summary>Closes the session: sends the queued messages and then Goodbye.</summary>
    /// <inheritdoc cref="Session.Close(CloseReason, string)"/>
    public void Close(CloseReason reason = CloseReason.Normal, string text = "")
    {
        Touch();
        if (_death is null)
        {
            Session.Close(reason, text);
        }
    }

    /// <summary>
    /// Kills its process without a Goodbye; its kernel closes the connection. Messages sent at this moment are lost, and requests fail with
    /// Cancelled.
    /// </summary>
    public void Crash() => Die(withoutAWord: false, "The client crashed.");

    /// <summary>Cuts the power of its machine: the server detects this only by its timeouts. Requests fail with Cancelled.</summary>
    public void LosePower() => Die(withoutAWord: true, "The client's machine lost power.");

    /// <summary>Connects again, in a new process if the old one died; an open session is closed first. Time passes until the session is open.</summary>
    /// <exception cref="NetConnectException">The session could not open.</exception>
    public void Reconnect()
    {
        Redial();
        _simulation.AwaitOpen([this]);
    }

    /// <summary>Starts to connect again, as <see cref="Reconnect"/> does, without letting time pass.</summary>
    public void Redial()
    {
        Close();
        _simulation.StartServers();
        Dial();
    }

    private void Die(bool withoutAWord, string text)
    {
        if (_death is not null)
        {
            return;
        }

        NetSimulation.RequireOutside(_driver, withoutAWord ? nameof(LosePower) : nameof(Crash));
        _driver!.Kill();
        _simulation.Simulator.Remove(_driver);
        _host.CloseEverything(withoutAWord);
        _host.IsUp = !withoutAWord;
        _host.SetReading(true);
        _driver.Loop.Abandon();
        _death = new CloseInfo(CloseReason.TransportError, text, ByPeer: false);
        foreach (FollowedRequest request in _requests.ToArray())
        {
            request.Fail(text);
        }

        _requests.Clear();
    }
}
