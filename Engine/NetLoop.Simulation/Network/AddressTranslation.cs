namespace NetLoop.Simulation;

/// <summary>The router (NAT) between a host and all others: each of the host's datagram sockets has another port outside.</summary>
internal sealed class AddressTranslation(SimulatedNetwork network, SimulatedHost host)
{
    private readonly Dictionary<ushort, DatagramAddress> _outside = [];
    private readonly Dictionary<DatagramAddress, DatagramAddress> _inside = [];
    private UInt128 _address;

    /// <summary>Forgets all flows: their next datagrams come from other ports, and nothing arrives at the old ones.</summary>
    /// <param name="changesHost">Whether the address outside changes too.</param>
    public void Rebind(bool changesHost)
    {
        foreach (DatagramAddress outside in _inside.Keys)
        {
            network.RemoveTranslation(outside);
        }

        _inside.Clear();
        _outside.Clear();
        if (changesHost)
        {
            _address = network.NextOutsideAddress();
        }

        network.Trace.Event(TraceCode.Translate, host.Index, changesHost ? 1 : 0, 0);
    }

    /// <summary>Returns the address that others see.</summary>
    public DatagramAddress ToOutside(in DatagramAddress inside)
    {
        if (!_outside.TryGetValue(inside.Port, out DatagramAddress outside))
        {
            UInt128 address = _address == UInt128.Zero ? inside.Address : _address;
            outside = network.AddTranslation(address, host);
            _outside.Add(inside.Port, outside);
            _inside.Add(outside, inside);
        }

        return outside;
    }

    /// <summary>Returns the address that the host knows.</summary>
    /// <param name="outside">An address that this router has given.</param>
    public DatagramAddress ToInside(in DatagramAddress outside) => _inside[outside];
}
