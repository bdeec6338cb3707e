// dotnet run --project Demo/Samples/Lobby                        serves on 127.0.0.1:7777 until Ctrl+C
// dotnet run --project Demo/Samples/Lobby -- Ana:secret red      talks in a room; lines of standard input are said

using Lobby;
using NetLoop;

if (args is [])
{
    await using NetServer server = LobbyServer.Create(7777);
    await server.RunAsync();
    return 0;
}

if (args is not [var token, var room])
{
    Console.Error.WriteLine("Give NAME:SECRET and a room, such as: Ana:secret red");
    return 2;
}

try
{
    await using LobbyClient client = await LobbyClient.ConnectAsync("tcp://127.0.0.1:7777", token, room, Console.Out);
    while (Console.ReadLine() is { } line)
    {
        client.Say(line);
    }

    return 0;
}
catch (Exception exception) when (exception is NetConnectException or RequestException)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}
