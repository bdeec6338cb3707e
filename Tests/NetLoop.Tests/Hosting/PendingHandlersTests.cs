using NUnit.Framework;

namespace NetLoop.Tests.Hosting;

/// <summary>Asynchronous handlers, and the limit of their number.</summary>
public sealed class PendingHandlersTests
{
    [TestCase(HandlerMode.Loop)]
    [TestCase(HandlerMode.Dedicated)]
    public async Task OnRequest_AsksBackAtTheLimit_GetsItsResponse(HandlerMode handlers)
    {
        NetServer server = TestHost.CreateServer(o =>
        {
            o.HandlerMode = handlers;
            o.ListenTcp("127.0.0.1", 0, l => l.MaxPendingHandlers = 1);
        });
        server.OnRequest<Divide, Quotient>(async (session, divide) => await session.RequestAsync<Divide, Quotient>(divide));
        server.Start();
        await using NetClient client = await TestHost.ConnectAsync(server, o =>
            o.Handlers = new HandlerTable().OnRequest<Divide, Quotient>((session, in divide) => new Quotient(divide.Value / divide.By)));
        Quotient quotient = await client.RequestAsync(new Divide(6, 3)).WaitAsync(TestHost.Patience);
        Assert.That(quotient.Value, Is.EqualTo(2));
        await client.DisposeAsync();
        await TestHost.StopAndCheckAsync(server);
    }
}
