namespace NetLoop.Demo.Echo;

/// <summary>Handlers that echo what they receive: the smallest useful server, against which clients in other languages are tested.</summary>
internal sealed class EchoModule(NetServer server) : IHandlerModule
{
    /// <summary>The error code of a division by zero; applications' codes begin at 1000.</summary>
    private const int DivisionByZero = 1_000;

    /// <inheritdoc/>
    public void Register(HandlerTable handlers)
    {
        handlers.On<PlayerMove>((session, in move) => session.Send(move));
        handlers.On<Blob>((session, in blob) => session.Send(blob));
        handlers.On<Say>((_, in say) => server.Broadcast(say));
        handlers.On<Rich>((_, in rich) => server.Broadcast(rich));
        handlers.OnRequest<Divide, Quotient>((_, in divide) =>
            divide.By == 0 ? throw new RequestException(DivisionByZero, "division by zero") : new Quotient(divide.Value / divide.By));
    }
}
