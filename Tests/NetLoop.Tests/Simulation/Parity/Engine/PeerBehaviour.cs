using NetLoop.Tests.Sessions;

namespace NetLoop.Tests.Simulation.Parity.Engine;

/// <summary>What a peer does to a server, and the reason for which the server ends the session.</summary>
internal sealed record PeerBehaviour(string Name, Action<RawPeer> Act)
{
    private static readonly byte[] Half = Wire.Frame(Wire.Message, 72, Wire.Array("halved"))[..^3];
    private static readonly byte[] RequestFrame = Wire.Frame(Wire.Request, 5, 71, Wire.Array(6.0, 3.0));
    private static readonly byte[] GoodbyeFrame = Wire.Frame(Wire.Message, Wire.Goodbye, Wire.Array(0, "done"));

    public static readonly PeerBehaviour[] All =
    [
        new("connects and closes", peer => peer.Close()),
        new("connects and resets", peer => peer.Reset()),
        new("connects and says nothing", peer => peer.ReadToEnd()),
        new("connects and ends", peer => peer.End().ReadToEnd()),
        new("half a Hello, then silence", peer => peer.Send(Wire.HelloFrame()[..6]).ReadToEnd()),
        new("half a Hello, then closes", peer => peer.Send(Wire.HelloFrame()[..6]).Close()),
        new("half a Hello, then ends", peer => peer.Send(Wire.HelloFrame()[..6]).End().ReadToEnd()),
        new("half a Hello, then resets", peer => peer.Send(Wire.HelloFrame()[..6]).Reset()),
        new("another version", peer => peer.Send(Wire.HelloFrame(version: 99)).ReadToEnd()),
        new("a message before Hello", peer => peer.Send(Wire.Frame(Wire.Message, 72, Wire.Array("early"))).ReadToEnd()),
        new("text instead of frames", peer => peer.Send("GET / HTTP/1.1\r\n\r\n"u8.ToArray()).ReadToEnd()),
        new("opens and closes", peer => peer.Open().Close()),
        new("opens and resets", peer => peer.Open().Reset()),
        new("opens and ends", peer => peer.Open().End().ReadToEnd()),
        new("opens and is silent", peer => peer.Open().ReadToEnd()),
        new("half a message, then silence", peer => peer.Open().Send(Half).ReadToEnd()),
        new("half a message, then closes", peer => peer.Open().Send(Half).Close()),
        new("half a message, then ends", peer => peer.Open().Send(Half).End().ReadToEnd()),
        new("half a message, then resets", peer => peer.Open().Send(Half).Reset()),
        new("half a length, then ends", peer => peer.Open().Send(0, 0).End().ReadToEnd()),
        new("a frame of length zero", peer => peer.Open().Send(0, 0, 0, 0).ReadToEnd()),
        new("a frame beyond the limit", peer => peer.Open().Send(0x7F, 0, 0, 0).ReadToEnd()),
        new("a body that is no array", peer => peer.Open().Send(Wire.Framed(0xC0)).ReadToEnd()),
        new("a body that ends too soon", peer => peer.Open().Send(Wire.Framed(0x93, 2)).ReadToEnd()),
        new("Hello twice", peer => peer.Open().Send(Wire.HelloFrame()).ReadToEnd()),
        new("an answer to nothing, then ends", peer => peer.Open().Send(Wire.Frame(Wire.Response, 9, null, null)).End().ReadToEnd()),
        new("Goodbye, then silence", peer => peer.Open().Send(GoodbyeFrame).ReadToEnd()),
        new("Goodbye, then closes", peer => peer.Open().Send(GoodbyeFrame).Close()),
        new("Goodbye, then ends", peer => peer.Open().Send(GoodbyeFrame).End().ReadToEnd()),
        new("asks and ends", peer => peer.Open().Send(RequestFrame).End().ReadToEnd()),
        new("never reads", peer => peer.Open().SendUntilRefused(Wire.Frame(Wire.Message, 73, Wire.Array(new byte[16_000])))),
    ];

    public override string ToString() => Name;
}
