using System.Text;
using NetLoop;

namespace Lobby;

/// <summary>A client that enters its room again after each reconnection.</summary>
public sealed class LobbyClient : IAsyncDisposable
{
    private readonly TextWriter _output;
    private readonly string _room;
    private NetClient _client = null!;

    private LobbyClient(string room, TextWriter output)
    {
        _room = room;
        _output = output;
    }

    /// <summary>Completes when the client stops reconnecting.</summary>
    public Task<CloseInfo> Closed => _client.Closed;

    /// <summary>Connects and enters a room.</summary>
    /// <exception cref="NetConnectException">The server does not answer, or rejects the token.</exception>
    /// <exception cref="RequestException">The room cannot be entered.</exception>
    public static async Task<LobbyClient> ConnectAsync(string uri, string token, string room, TextWriter output)
    {
        var lobby = new LobbyClient(room, output);
        lobby._client = await NetClient.ConnectAsync(uri, o =>
        {
            o.Token = Encoding.UTF8.GetBytes(token);
            o.ContractFingerprint = NetContracts.Fingerprint;
            o.Reconnect = new ReconnectOptions { OnWaiting = attempt => output.WriteLine($"lost ({attempt.Ended}), trying again") };
            o.Handlers = new HandlerTable().On<Said>((session, said) => output.WriteLine($"{said.Player}: {said.Text}"));
        });
        await lobby.EnterAsync(lobby._client.Session);
        lobby._client.OnOpened(session => _ = lobby.EnterAgainAsync(session));
        return lobby;
    }

    /// <summary>Says something to the room.</summary>
    public void Say(string text) => _client.Send(new Say(text));

    /// <summary>Asks which rooms there are.</summary>
    public Task<RoomList> ListRoomsAsync() => _client.RequestAsync(new ListRooms());

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    private async Task EnterAsync(Session session)
    {
        Joined joined = await session.RequestAsync(new JoinRoom(_room));
        _output.WriteLine($"in {_room}: {string.Join(", ", joined.Players)}");
    }

    private async Task EnterAgainAsync(Session session)
    {
        try
        {
            await EnterAsync(session);
        }
        catch (RequestException exception)
        {
            _output.WriteLine(exception.Message); // The connection was lost again, or the room is full now.
        }
    }
}
