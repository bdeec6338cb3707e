using NetLoop;
using NetLoop.Tests.Hosting;

// A server for tests that need a process of its own, with what the demo program has not: an authenticator that takes its time, offloaded handlers, and one
// that never returns.
// Its words: loop or dedicated, how many loops, the path of a Unix socket.
using var stop = new StopSignal();
await using var server = NetServer.Create(options =>
{
    options.HandlerMode = args[0] == "dedicated" ? HandlerMode.Dedicated : HandlerMode.Loop;
    options.Loops = int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture);
    options.Authenticate = static async (request, cancellation) =>
    {
        await Task.Delay(1, cancellation).ConfigureAwait(false);
        return AuthenticationResult.Accept();
    };
    options.ListenTcp("127.0.0.1", 0);
    options.ListenWebSocket("127.0.0.1", 0);
    options.ListenUnix(args[2]);
});
server.OnRequest<Divide, Quotient>(static (session, in divide) => new Quotient(divide.Value / divide.By), new OffloadOptions { Workers = 2 });
server.On<Say>(static (session, in say) =>
{
    Console.WriteLine("blocked");
    Thread.Sleep(Timeout.Infinite);
});
server.Start();
foreach (NetEndpoint endpoint in server.Endpoints)
{
    Console.WriteLine($"listening on {endpoint.ToUri()}");
}

using (stop.Token.Register(() => _ = server.StopAsync()))
using (stop.AbortToken.Register(server.Abort))
{
    await server.Completion;
}
