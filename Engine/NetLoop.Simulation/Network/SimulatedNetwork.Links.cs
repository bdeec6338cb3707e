namespace NetLoop.Simulation;

/// <content>The links between its hosts.</content>
internal sealed partial class SimulatedNetwork
{
    public Link LinkBetween(SimulatedHost from, SimulatedHost to)
    {
        if (!_links.TryGetValue((from.Index, to.Index), out Link? link))
        {
            link = new Link(from == to ? LinkConditions.Perfect : Link, _linkRandom, _datagramRandom, Faults);
            _links.Add((from.Index, to.Index), link);
        }

        return link;
    }

    /// <summary>Changes the link between two hosts in both directions, also for existing connections.</summary>
    public void SetLink(SimulatedHost one, SimulatedHost other, LinkConditions conditions)
    {
        LinkBetween(one, other).Change(conditions);
        LinkBetween(other, one).Change(conditions);
    }

    /// <summary>Cuts the link between two hosts until <see cref="Heal"/>.</summary>
    public void Cut(SimulatedHost one, SimulatedHost other)
    {
        LinkBetween(one, other).Cut();
        LinkBetween(other, one).Cut();
    }

    /// <summary>Repairs a cut link.</summary>
    public void Heal(SimulatedHost one, SimulatedHost other)
    {
        LinkBetween(one, other).Heal(Events);
        LinkBetween(other, one).Heal(Events);
    }

    /// <summary>Takes the link between two hosts down until the given time.</summary>
    public void TakeDown(SimulatedHost one, SimulatedHost other, long until)
    {
        LinkBetween(one, other).TakeDown(until);
        LinkBetween(other, one).TakeDown(until);
    }

    /// <summary>From now on no segment or datagram is lost; latency is not changed.</summary>
    public void LoseNothing()
    {
        Link = Link with { Loss = 0, DroppedPacketBytes = 0 };
        foreach (Link link in _links.Values)
        {
            link.LoseNothing();
        }
    }
}
