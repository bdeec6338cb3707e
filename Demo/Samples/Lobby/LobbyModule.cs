using NetLoop;

namespace Lobby;

/// <summary>Rooms: players enter, talk and leave. A room is a named group, which exists while somebody is in it.</summary>
/// <remarks>Handlers share the loop's thread, so nothing here needs a lock.</remarks>
public sealed class LobbyModule(NetServer server) : IHandlerModule
{
    private const int MaxPlayers = 8;

    public void Register(HandlerTable handlers)
    {
        handlers.OnRequest<JoinRoom, Joined>(Join);
        handlers.OnRequest<ListRooms, RoomList>((session, request) => new RoomList([.. server.Groups.Select(room => new RoomInfo(room.Name, room.Count))]));
        handlers.OnRequest<CloseRoom, RoomInfo>(Close);
        handlers.On<Say>((session, say) => Tell(PlayerOf(session), say.Text));
        handlers.OnClosed((session, info) => Leave(session, info.Reason == CloseReason.Normal ? "left" : "was lost"));
    }

    private static Player PlayerOf(Session session) => (Player)session.UserData!;

    private Joined Join(Session session, JoinRoom join)
    {
        if (server.Groups.TryFind(join.Room, out SessionGroup? room) && room.Count >= MaxPlayers && !room.Contains(session))
        {
            throw new LobbyException($"{join.Room} is full.");
        }

        Player player = PlayerOf(session);
        if (player.Room != join.Room)
        {
            Leave(session, "left");
            player.Room = join.Room;
            room = server.Groups.Add(join.Room, session);
            room.Broadcast(new Said(player.Name, "entered"), except: session);
        }

        return new Joined([.. server.Groups.Find(join.Room)!.Select(member => PlayerOf(member).Name).Order()]);
    }

    private RoomInfo Close(Session session, CloseRoom close)
    {
        if (!server.Groups.TryFind(close.Room, out SessionGroup? room))
        {
            throw new LobbyException($"There is no room {close.Room}.");
        }

        var info = new RoomInfo(room.Name, room.Count);
        foreach (Session member in room)
        {
            Leave(member, "was sent home");
        }

        return info;
    }

    private void Tell(Player player, string text)
    {
        if (player.Room is { } room)
        {
            server.Groups.Broadcast(room, new Said(player.Name, text));
        }
    }

    private void Leave(Session session, string how)
    {
        Player player = PlayerOf(session);
        if (player.Room is { } room)
        {
            player.Room = null;
            server.Groups.Remove(room, session);
            server.Groups.Broadcast(room, new Said(player.Name, how));
        }
    }
}
