namespace NetLoop.Demo.Profile;

/// <summary>A poller that counts its calls.</summary>
internal sealed class CountingPoller(IPoller inner, CallCounts calls) : IPoller
{
    /// <inheritdoc/>
    public SocketStatus Add(SocketHandle socket, Interest interest, Token token)
    {
        calls.Count(StackCall.Register);
        return inner.Add(socket, interest, token);
    }

    /// <inheritdoc/>
    public SocketStatus Modify(SocketHandle socket, Interest interest, Token token)
    {
        calls.Count(StackCall.Register);
        return inner.Modify(socket, interest, token);
    }

    /// <inheritdoc/>
    public SocketStatus Remove(SocketHandle socket)
    {
        calls.Count(StackCall.Register);
        return inner.Remove(socket);
    }

    /// <inheritdoc/>
    public int Wait(Span<ReadyEvent> events, long timeoutNanoseconds)
    {
        calls.Count(StackCall.Wait);
        return inner.Wait(events, timeoutNanoseconds);
    }

    /// <inheritdoc/>
    public int WaitUntil(Span<ReadyEvent> events, long now, long deadline)
    {
        calls.Count(StackCall.Wait);
        return inner.WaitUntil(events, now, deadline);
    }

    /// <inheritdoc/>
    public void Wake()
    {
        calls.Count(StackCall.Wake);
        inner.Wake();
    }

    /// <inheritdoc/>
    public void Dispose() => inner.Dispose();
}
