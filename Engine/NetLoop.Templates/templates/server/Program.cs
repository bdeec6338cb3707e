using Microsoft.Extensions.Logging;
using NetLoop;
using NetLoopServer;

// dotnet run -- 9000 9001 listens on other ports; 0 lets the system choose.
int tcp = args.Length > 0 ? int.Parse(args[0]) : 7777;
int webSocket = args.Length > 1 ? int.Parse(args[1]) : 7780;

using ILoggerFactory logs = LoggerFactory.Create(logging => logging.AddSimpleConsole(console => console.SingleLine = true));

await using var server = NetServer.Create(o =>
{
    o.ListenTcp("0.0.0.0", tcp);
    o.ListenWebSocket("0.0.0.0", webSocket);
    o.TickRate = 20;
    o.LoggerFactory = logs;
});
server.Use(new HallModule(server));
await server.RunAsync();                     // until Ctrl+C, SIGTERM or SIGHUP: the first one drains, a second one aborts
