using System.Diagnostics;
using NetLoop.Tests.Sessions;
using NUnit.Framework;

namespace NetLoop.Tests.Hosting;

public sealed class NetClientTests : ServerFixture
{
    [Test]
    public async Task OnRequest_RegisteredOnTheClient_AnswersTheServer()
    {
        Start();
        await using NetClient client = await TestHost.ConnectAsync(Server);
        Assert.That(client.OnRequest<Divide, Quotient>((_, in divide) => new Quotient(divide.Value / divide.By)), Is.SameAs(client));
        Quotient quotient = await NextOpened().RequestAsync(new Divide(6, 3)).WaitAsync(TestHost.Patience);
        Assert.That(quotient.Value, Is.EqualTo(2));
    }

    [Test]
    public async Task ConnectAsync_WithoutHello_OpensAndNobodyIsPinged()
    {
        Start(listen => listen.Hello = HelloMode.None);
        await using NetClient client = await TestHost.ConnectAsync(Server, o =>
        {
            o.Hello = HelloMode.None;
            o.PingInterval = TimeSpan.FromMilliseconds(1);
            o.IdleTimeout = TimeSpan.FromMilliseconds(10);
        });
        Quotient quotient = await client.RequestAsync(new Divide(6, 3)).WaitAsync(TestHost.Patience);
        Assert.That(quotient.Value, Is.EqualTo(2));
        Assert.That(client.Session.Id, Is.Zero, "only servers number sessions");
        Assert.That((client.Session.Profile.PingInterval, client.Session.Profile.IdleTimeout), Is.EqualTo((0L, 0L)));
        Assert.That(client.Session.ResumeToken.IsEmpty, Is.True);
    }

    [Test]
    public async Task ConnectAsync_WithHello_KnowsItsTokenAndTheClockOfTheServer()
    {
        Start();
        await using NetClient client = await TestHost.ConnectAsync(Server, o => o.PingInterval = TimeSpan.FromMilliseconds(10));
        Assert.That(client.Session.ResumeToken.IsEmpty, Is.False);
        var deadline = Stopwatch.StartNew();
        while (client.Session.RoundTripTime == TimeSpan.Zero && deadline.Elapsed < TestHost.Patience)
        {
            Thread.Yield();
        }

        // Both run on one machine, with one clock: the offset is smaller than the round trip with which it was measured.
        Assert.That(client.Session.RoundTripTime, Is.GreaterThan(TimeSpan.Zero));
        Assert.That(client.Session.ClockOffset.Duration(), Is.LessThan(TimeSpan.FromSeconds(30)));
    }

    [Test]
    public async Task ConnectAsync_LoopHasEnded_SaysSo()
    {
        Start();
        EventLoop loop = EventLoop.Start();
        await loop.DisposeAsync();
        InvalidOperationException error = Assert.ThrowsAsync<InvalidOperationException>(() => TestHost.ConnectAsync(Server, o => o.Loop = loop))!;
        Assert.That(error.Message, Does.Contain("ended"));
    }

    [Test]
    public async Task ConnectAsync_LoopEndsMeanwhile_SaysSo()
    {
        // The test's listener does not respond to Hello, so the client waits until its loop has ended.
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        int port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        EventLoop loop = EventLoop.Start();
        Task<NetClient> connecting = NetClient.ConnectAsync($"tcp://127.0.0.1:{port}", o => o.Loop = loop);
        using System.Net.Sockets.Socket accepted = await listener.AcceptSocketAsync().WaitAsync(TestHost.Patience);
        await loop.StopAsync(TimeSpan.Zero).WaitAsync(TestHost.Patience);
        Assert.That(
            async () => await connecting.WaitAsync(TestHost.Patience), Throws.InstanceOf<InvalidOperationException>().Or.InstanceOf<NetConnectException>());
    }

    [Test]
    public async Task DisposeAsync_OnASharedLoop_LeavesTheLoopAndTheOthers()
    {
        Start();
        await using EventLoop loop = EventLoop.Start();
        NetClient first = await TestHost.ConnectAsync(Server, o => o.Loop = loop);
        await using NetClient second = await TestHost.ConnectAsync(Server, o => o.Loop = loop);
        await first.DisposeAsync().AsTask().WaitAsync(TestHost.Patience);
        Assert.That((await first.Closed.WaitAsync(TestHost.Patience)).Reason, Is.EqualTo(CloseReason.Normal));
        await first.DisposeAsync().AsTask().WaitAsync(TestHost.Patience);
        Quotient quotient = await second.RequestAsync(new Divide(6, 3)).WaitAsync(TestHost.Patience);
        Assert.That(quotient.Value, Is.EqualTo(2));
    }
}
