using NetLoop.Simulation;

namespace NetLoop;

/// <content>What happens to a client in the field.</content>
public sealed partial class SimulatedClient
{
    /// <summary>The way between this client and its server; at first <see cref="NetSimulation.Link"/> of the moment it was made.</summary>
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

    /// <summary>Nothing passes between client and server any more, as on a train in a tunnel. Neither side is told; their timeouts tell them.</summary>
    public void CutLink()
    {
        IsLinkCut = true;
        _simulation.Simulator.Network.Cut(_host, _server.Host);
    }

    /// <summary>The link carries again; what TCP still holds arrives after its retransmission timeout.</summary>
    public void HealLink()
    {
        IsLinkCut = false;
        _simulation.Simulator.Network.Heal(_host, _server.Host);
    }

    /// <summary>
    /// Its process leaves what it is sent in the kernel, but goes on sending: a slow consumer. Until <see cref="ResumeReading"/> or its
    /// death.
    /// </summary>
    public void StopReading() => _host.SetReading(false);

    /// <summary>Its process reads again.</summary>
    public void ResumeReading() => _host.SetReading(true);

    /// <summary>Nothing runs on its machine for a while, as in a collection of garbage; its kernel goes on receiving.</summary>
    /// <param name="duration">More than zero.</param>
    public void Pause(TimeSpan duration)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(duration, TimeSpan.Zero);
        _driver!.PauseUntil(_simulation.Simulator.Network.Events.Now + NetSimulation.Nanoseconds(duration));
    }

    /// <summary>Leaves: says Goodbye, sends what was sent before.</summary>
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
    /// Its process dies without a Goodbye; its kernel closes the connection. What was sent in this very moment is lost, and requests fail
    /// with Cancelled.
    /// </summary>
    public void Crash() => Die(withoutAWord: false, "The client crashed.");

    /// <summary>Its machine dies: the server is told nothing, and finds out by its timeouts. Requests fail with Cancelled.</summary>
    public void LosePower() => Die(withoutAWord: true, "The client's machine lost power.");

    /// <summary>Connects anew, in a new process if the old one died; an open session is closed first. Time passes until the session is open.</summary>
    /// <exception cref="NetConnectException">It could not open.</exception>
    public void Reconnect()
    {
        Redial();
        _simulation.AwaitOpen([this]);
    }

    /// <summary>Begins to connect anew like <see cref="Reconnect"/>, without letting time pass.</summary>
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
