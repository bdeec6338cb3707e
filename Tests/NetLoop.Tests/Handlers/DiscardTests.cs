using NetLoop.Tests.Hosting;
using NetLoop.Tests.Sessions;
using NUnit.Framework;

namespace NetLoop.Tests.Handlers;

/// <summary>A loop that ends with messages in its inbox: they are not handled, and their resources are returned.</summary>
public sealed class DiscardTests : ServerFixture
{
    [TestCase(false)]
    [TestCase(true)]
    public void Abort_MessagesInTheInbox_GiveBackPlacesHandlersAndMemory(bool isOffloaded)
    {
        using var entered = new ManualResetEventSlim();
        using var goesOn = new ManualResetEventSlim();
        OffloadOptions? offload = isOffloaded ? new OffloadOptions { Workers = 1, Capacity = 16 } : null;
        Start(configure: o => o.HandlerMode = HandlerMode.Dedicated, handlers: server =>
        {
            server.On<Divide>((_, in _) =>
            {
                entered.Set();
                goesOn.Wait(TestHost.Patience);
            });
            server.On<Say>((_, _) => ValueTask.CompletedTask, offload);
        });
        using RawClient client = RawClient.Open(Server);
        Session session = NextOpened();
        client.Send(Wire.Frame(Wire.Message, 71, Wire.Array(1.0, 2.0)));
        Assert.That(entered.Wait(TestHost.Patience), Is.True);
        for (int i = 0; i < 8; i++)
        {
            client.Send(Wire.Frame(Wire.Message, 72, Wire.Array($"number {i}")));
        }

        client.Sync();
        Assert.That((session.PendingHandlers, Server.Handlers.ReservedPlaces()), Is.EqualTo((8, isOffloaded ? 8 : 0)));
        Assert.That(session.PendingBytes, Is.GreaterThan(0));
        Server.Abort();
        goesOn.Set();
        Assert.That(Server.Completion.Wait(TestHost.Patience), Is.True);
        Assert.That(() => session.Services.PendingHandlers, Is.Zero.After(30_000, 1), "a worker may still be at the last of them");
        Assert.Multiple(() =>
        {
            Assert.That(session.PendingHandlers, Is.Zero, "handlers of the session");
            Assert.That(session.PendingBytes, Is.Zero, "memory of theirs");
            Assert.That(session.Services.PendingHandlers, Is.Zero, "handlers of the loop");
            Assert.That(Server.Handlers.ReservedPlaces(), Is.Zero, "places for offloaded ones");
            Assert.That(Server.Core.Inbox.Depth, Is.Zero, "the inbox");
            Assert.That(Server.Core.Inbox.HeldBytes, Is.Zero, "its memory");
        });
    }
}
