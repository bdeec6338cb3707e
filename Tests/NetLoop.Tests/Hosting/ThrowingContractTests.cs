using NUnit.Framework;

namespace NetLoop.Tests.Hosting;

/// <summary>Contracts are the application's code too: their constructors run on the loop.</summary>
public sealed class ThrowingContractTests
{
    [Test]
    public async Task Receive_ConstructorThrows_CostsThatSessionOnly()
    {
        NetServer server = TestHost.CreateServer(o => o.ListenTcp("127.0.0.1", 0));
        server.On<Picky>((session, in picky) => session.Send(picky));
        server.OnRequest<Divide, Quotient>((session, in divide) => new Quotient(divide.Value / divide.By));
        server.Start();
        await using NetClient good = await TestHost.ConnectAsync(server);
        await using (NetClient bad = await TestHost.ConnectAsync(server))
        {
            // Made without its constructor, so that the client can send what the server refuses to make.
            bad.Send(default(Picky));
            CloseInfo info = await bad.Closed.WaitAsync(TestHost.Patience);
            Assert.That(info.Reason, Is.EqualTo(CloseReason.Malformed));
        }

        Quotient quotient = await good.RequestAsync<Divide, Quotient>(new Divide(6, 3)).WaitAsync(TestHost.Patience);
        Assert.That(quotient.Value, Is.EqualTo(2));
        Assert.That(server.GetStatistics().HandlerFaults, Is.EqualTo(1));
        await good.DisposeAsync();
        await TestHost.StopAndCheckAsync(server);
    }
}

/// <summary>A message that checks itself when it is made.</summary>
[NetMessage(79)]
internal readonly partial record struct Picky
{
    public Picky(int positive)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(positive);
        Positive = positive;
    }

    [Key(0)]
    public int Positive { get; }
}
