using NetLoop;

namespace NetLoopServer;

/// <summary>Sends every shout to everybody.</summary>
public sealed class HallModule(NetServer server) : IHandlerModule
{
    private int _shouts;

    public void Register(HandlerTable handlers)
    {
        handlers.On<Shout>((session, shout) =>
        {
            _shouts++;                       // no lock: handlers share the loop's one thread
            server.Broadcast(shout);
        });
        handlers.OnRequest<CountShouts, Census>((session, question) => new Census(server.Everyone.Count, _shouts));
        handlers.OnClosed((session, info) => Console.WriteLine($"{session} left: {info}"));
    }
}
