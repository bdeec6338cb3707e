using NetLoop;

namespace Echo;

/// <summary>A message that the server sends back.</summary>
[NetMessage(64)]
public readonly partial record struct Ping([property: Key(0)] int Number, [property: Key(1)] string Text);

/// <summary>The smallest server.</summary>
public static class EchoServer
{
    /// <summary>Creates a server that sends every <see cref="Ping"/> back. It does not listen before it is started.</summary>
    /// <param name="port">The TCP port on the loopback address; 0 lets the system choose.</param>
    public static NetServer Create(int port) =>
        NetServer.Create(o => o.ListenTcp("127.0.0.1", port)).On<Ping>((session, ping) => session.Send(ping));
}
