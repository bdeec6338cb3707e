// dotnet run --project Demo/Samples/Echo            serves on 127.0.0.1:7777 until Ctrl+C
// dotnet run --project Demo/Samples/Echo -- hello   sends a text to that server and prints the echo

using Echo;
using NetLoop;

if (args.Length == 0)
{
    await using NetServer server = EchoServer.Create(7777);
    await server.RunAsync();
    return 0;
}

try
{
    var echo = new TaskCompletionSource<Ping>();
    await using NetClient client = await NetClient.ConnectAsync("tcp://127.0.0.1:7777");
    client.On<Ping>((session, ping) => echo.TrySetResult(ping));
    client.Send(new Ping(1, string.Join(' ', args)));
    Console.WriteLine((await echo.Task).Text);
    return 0;
}
catch (NetConnectException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}
