namespace NetLoop.Benchmarks.EndToEnd.Datagrams;

/// <summary>The messages of one client that are under way: each that returns sends the next, and so does each that is lost.</summary>
/// <param name="size">Messages under way.</param>
/// <param name="send">Sends the message with this number.</param>
internal sealed class MoveWindow(int size, Action<uint> send)
{
    private uint _sent;
    private uint _expected;
    private uint _expectedBefore;

    /// <summary>Messages that returned.</summary>
    public long Returned { get; private set; }

    /// <summary>Messages that were lost on one of the two ways.</summary>
    public long Lost { get; private set; }

    /// <summary>Sends the first messages.</summary>
    public void Start() => Send(size);

    /// <summary>Records a message that returned. Nothing is reordered on loopback, so those before it that did not return are lost.</summary>
    public void Receive(uint sequence)
    {
        int lost = (int)(sequence - _expected);
        if (lost < 0)
        {
            throw new IOException($"message {sequence} came after {_expected - 1}");
        }

        _expected = sequence + 1;
        Returned++;
        Lost += lost;
        Send(lost + 1);
    }

    /// <summary>Starts again if nothing has returned since the last call: all of the window is lost.</summary>
    public void RestartIfStalled()
    {
        if (_expected == _expectedBefore)
        {
            Lost += _sent - _expected;
            _expected = _sent;
            Send(size);
        }

        _expectedBefore = _expected;
    }

    private void Send(int count)
    {
        for (int i = 0; i < count; i++)
        {
            send(_sent++);
        }
    }
}
