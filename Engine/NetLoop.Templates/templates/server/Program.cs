using Microsoft.Extensions.Logging;
using NetLoop;
using NetLoopServer;

// dotnet run -- 9000 9001 listens on other ports; 0 lets the system choose.
ushort[] ports = [7777, 7780];
for (int i = 0; i < Math.Min(args.Length, ports.Length); i++)
{
    if (!ushort.TryParse(args[i], out ports[i]))
    {
        Console.Error.WriteLine($"'{args[i]}' is not a port; write a number from 0 to 65535.");
        return 2;
    }
}

using ILoggerFactory logs = LoggerFactory.Create(logging => logging.AddSimpleConsole(console => console.SingleLine = true));

await using var server = NetServer.Create(o =>
{
    o.ListenTcp("0.0.0.0", ports[0]);
    o.ListenWebSocket("0.0.0.0", ports[1]);
    o.TickRate = 20;
    o.LoggerFactory = logs;
});
server.Use(new HallModule(server));
try
{
    await server.RunAsync();                 // until Ctrl+C, SIGTERM or SIGHUP: the first one drains, a second one aborts
    return 0;
}
catch (NetListenException exception)
{
    Console.Error.WriteLine(exception.Message); // Another program has the port, for example; the message names it.
    return 2;
}
