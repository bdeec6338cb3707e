using NetLoop;
using NetLoopServer;

string address = args.Length > 0 ? args[0] : "tcp://127.0.0.1:7777";        // or ws://127.0.0.1:7780
try
{
    await using NetClient client = await NetClient.ConnectAsync(address, o =>
        o.Handlers = new HandlerTable().On<Shout>((session, shout) => Console.WriteLine(shout.Text)));

    Census before = await client.RequestAsync(new CountShouts());
    Console.WriteLine($"Connected to {address}. Sessions: {before.Sessions}. Type a line to shout it; Ctrl+D leaves.");

    while (await Console.In.ReadLineAsync() is { } line)
    {
        client.Send(new Shout(line));
    }

    // The server handles the messages of a session in order, so the response comes after the shouts.
    Census after = await client.RequestAsync(new CountShouts());
    Console.WriteLine($"Shouts so far: {after.Shouts}");
    return 0;
}
catch (Exception error) when (error is NetConnectException or FormatException)
{
    Console.Error.WriteLine(error.Message);
    return 1;
}
