// dotnet run --project Demo/Samples/Tag             serves on 127.0.0.1:7777 until Ctrl+C
// dotnet run --project Demo/Samples/Tag -- play     plays: chases while it is "it", and runs away while it is not; Ctrl+C ends it

using NetLoop;
using Tag;

using var stop = new StopSignal();
if (args is not ["play"])
{
    await using NetServer server = NetServer.Create(o =>
    {
        o.ListenTcp("127.0.0.1", 7777);
        o.TickRate = 20;
    });
    server.Use(new TagModule(server));
    await server.RunAsync(stop.Token, stop.AbortToken);
    return 0;
}

try
{
    await using NetClient client = await NetClient.ConnectAsync("tcp://127.0.0.1:7777", o => o.Handlers = new HandlerTable().On<Field>((session, field) =>
    {
        Runner me = field.Runners.First(runner => runner.Id == session.Id);
        Runner other = field.Runners.Where(runner => runner.Id != session.Id).OrderBy(runner => Math.Abs(runner.Position - me.Position)).FirstOrDefault(me);
        int towards = Math.Sign(other.Position - me.Position);
        session.Send(new Run(TagModule.MaxSpeed * (field.It == session.Id ? towards : -towards)));
        Console.Write($"\r{(field.It == session.Id ? "it " : "   ")}{me.Position,6:F1} of {TagModule.Length}");
    }));
    await client.Closed.WaitAsync(stop.Token);
    return 0;
}
catch (OperationCanceledException)
{
    return 0;
}
catch (NetConnectException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}
