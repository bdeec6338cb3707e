using NetLoop.Tests.Hosting;
using NetLoop.Tests.Sessions;
using NUnit.Framework;

namespace NetLoop.Tests.Handlers;

/// <summary>Messages that arrive together go into one envelope, and each counts once on its way through the inbox.</summary>
public sealed class RunAccountingTests : ServerFixture
{
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(9)]
    [TestCase(40)]
    public void Receive_MessagesOfOneTypeTogether_EachCountsOnce(int count)
    {
        using var entered = new ManualResetEventSlim();
        using var goesOn = new ManualResetEventSlim();
        Start(configure: o => o.HandlerMode = HandlerMode.Dedicated, handlers: server =>
        {
            server.OnRequest<Divide, Quotient>((_, in divide) =>
            {
                entered.Set();
                goesOn.Wait(TestHost.Patience);
                return new Quotient(divide.Value);
            });
            server.On<Say>((_, in say) => Said.Enqueue(say.Text));
        });
        using RawClient client = RawClient.Open(Server);
        NextOpened();
        client.Send(Wire.Frame(Wire.Request, 1, 71, Wire.Array(1.0, 2.0)));
        Assert.That(entered.Wait(TestHost.Patience), Is.True);
        long before = OnLoop(() => Server.Core.Inbox.Depth);
        client.Send(Wire.Join([.. Enumerable.Range(0, count).Select(i => Wire.Frame(Wire.Message, 72, Wire.Array($"number {i}")))]));
        client.Sync();
        Assert.That(OnLoop(() => Server.Core.Inbox.Depth) - before, Is.EqualTo(count));
        Assert.That(Said, Is.Empty);
        goesOn.Set();
        Assert.That(client.Read()[1], Is.EqualTo(1), "the answer");
        WaitUntil(() => Server.Core.Inbox.Depth == 0, "the inbox is not emptied");
        Assert.That(Said, Is.EqualTo(Enumerable.Range(0, count).Select(i => $"number {i}")));
        Assert.That(OnLoop(() => Server.Core.Inbox.HeldBytes), Is.Zero);
    }
}
