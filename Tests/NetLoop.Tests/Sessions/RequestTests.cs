using NetLoop.Tests.Hosting;
using NUnit.Framework;

namespace NetLoop.Tests.Sessions;

/// <summary>Requests in both directions, and every way in which they end without a response.</summary>
public sealed class RequestTests : ServerFixture
{
    [Test]
    public async Task RequestAsync_BothDirectionsAtOnce_NumberIndependently()
    {
        Start();
        await using NetClient client = await TestHost.ConnectAsync(Server, o =>
            o.Handlers = new HandlerTable().OnRequest<Divide, Quotient>((session, in divide) => new Quotient(-divide.Value / divide.By)));
        Session session = NextOpened();
        var asked = new List<Task<Quotient>>();
        for (int i = 1; i <= 50; i++)
        {
            asked.Add(client.RequestAsync(new Divide(i, 1)));
            asked.Add(session.RequestAsync(new Divide(i, 1)));
        }

        Quotient[] answers = await Task.WhenAll(asked).WaitAsync(TestHost.Patience);
        for (int i = 1; i <= 50; i++)
        {
            Assert.That(answers[(2 * i) - 2].Value, Is.EqualTo(i));
            Assert.That(answers[(2 * i) - 1].Value, Is.EqualTo(-i));
        }
    }

    [Test]
    public async Task RequestAsync_RequestKnowsItsAnswer_SameForEverySender()
    {
        Start();
        await using NetClient client = await TestHost.ConnectAsync(Server, o =>
            o.Handlers = new HandlerTable().OnRequest<Divide, Quotient>((session, in divide) => new Quotient(-divide.Value / divide.By)));
        Session session = NextOpened();
        IMessageSender sender = client;
        Assert.That(await client.RequestAsync(new Divide(7, 2)), Is.EqualTo(new Quotient(3.5)));
        Assert.That(await sender.RequestAsync(new Divide(7, 2)), Is.EqualTo(new Quotient(3.5)));
        Assert.That(await session.RequestAsync(new Divide(7, 2)), Is.EqualTo(new Quotient(-3.5)));
        Assert.That(await client.RequestAsync<Divide, Quotient>(new Divide(7, 2)), Is.EqualTo(new Quotient(3.5)));
    }

    [Test]
    public async Task RequestAsync_NoRequest_Throws()
    {
        Start();
        await using NetClient client = await TestHost.ConnectAsync(Server);
        INetRequest<Quotient> none = null!;
        Assert.Throws<ArgumentNullException>(() => client.RequestAsync(none));
        Assert.Throws<ArgumentNullException>(() => client.Session.RequestAsync(none));
        Assert.Throws<ArgumentNullException>(() => ((IMessageSender)client).RequestAsync(none));
    }

    [Test]
    public async Task RequestAsync_RequestWithoutGeneratedCode_SaysWhatIsMissing()
    {
        Start();
        await using NetClient client = await TestHost.ConnectAsync(Server);
        var error = Assert.Throws<InvalidOperationException>(() => client.RequestAsync(new Unmarked()));
        Assert.That(error!.Message, Does.EndWith("cannot be sent: mark it [NetMessage], and build it with NetLoop's source generator."));
    }

    [Test]
    public void RequestAsync_NoAnswer_TimesOutAndALateOneIsDropped()
    {
        Start(configure: o => o.TimeProvider = Time);
        using RawClient client = RawClient.Open(Server);
        Task<Quotient> asked = NextOpened().RequestAsync(new Divide(1, 2), TimeSpan.FromSeconds(3));
        object?[] request = client.Read();
        Assert.That(request[2], Is.EqualTo(71));
        Advance(2.9);
        Assert.That(asked.IsCompleted, Is.False);
        Advance(0.2);
        Assert.That(ErrorOf(asked), Is.EqualTo(ErrorCode.TimedOut));
        client.Send(Wire.Frame(Wire.Response, (uint)(long)request[1]!, null, Wire.Array(0.5)));
        client.Sync();
        Assert.That(Server.GetStatistics().LateResponses, Is.EqualTo(1));
    }

    [Test]
    public void RequestAsync_ResponseThatDoesNotFit_IsMalformedAndEndsTheWait()
    {
        Start();
        using RawClient client = RawClient.Open(Server);
        Task<Quotient> asked = NextOpened().RequestAsync(new Divide(1, 2));
        uint id = (uint)(long)client.Read()[1]!;
        client.Send(Wire.Frame(Wire.Response, id, null, Wire.Array("half")));
        client.ExpectGoodbye(CloseReason.Malformed);
        Assert.That(ErrorOf(asked), Is.EqualTo(ErrorCode.Cancelled));
    }

    [Test]
    public void RequestAsync_AnsweredTwice_CountsTheSecondAsLate()
    {
        Start();
        using RawClient client = RawClient.Open(Server);
        Task<Quotient> asked = NextOpened().RequestAsync(new Divide(1, 2));
        uint id = (uint)(long)client.Read()[1]!;
        client.Send(Wire.Frame(Wire.Response, id, null, Wire.Array(0.5)));
        client.Send(Wire.Frame(Wire.Response, id, Wire.Array(1000, "no"), null));
        client.Sync();
        Assert.That(asked.Wait(TestHost.Patience), Is.True);
        Assert.That(asked.Result.Value, Is.EqualTo(0.5));
        Assert.That(Server.GetStatistics().LateResponses, Is.EqualTo(1));
    }

    [Test]
    public void RequestAsync_Cancelled_EndsAtOnce()
    {
        Start();
        using RawClient client = RawClient.Open(Server);
        using var cancellation = new CancellationTokenSource();
        Task<Quotient> asked = NextOpened().RequestAsync(new Divide(1, 2), cancellation: cancellation.Token);
        client.Read();
        cancellation.Cancel();
        Assert.That(async () => await asked.WaitAsync(TestHost.Patience), Throws.InstanceOf<OperationCanceledException>());
        client.Sync();
    }

    [Test]
    public void RequestAsync_SessionCloses_EndsTheWait()
    {
        Start();
        using RawClient client = RawClient.Open(Server);
        Session session = NextOpened();
        Task<Quotient> asked = session.RequestAsync(new Divide(1, 2));
        client.Read();
        client.Reset();
        Assert.That(ErrorOf(asked), Is.EqualTo(ErrorCode.Cancelled));
        NextClosed();
        Assert.That(ErrorOf(session.RequestAsync(new Divide(1, 2))), Is.EqualTo(ErrorCode.Cancelled), "on a closed session");
    }

    [Test]
    public void RequestAsync_TooManyOutstanding_IsOverloaded()
    {
        Start(listen => listen.MaxPendingRequests = 2);
        using RawClient client = RawClient.Open(Server);
        Session session = NextOpened();
        Task<Quotient>[] asked = [.. Enumerable.Range(0, 3).Select(_ => session.RequestAsync(new Divide(1, 2)))];
        Assert.That(ErrorOf(asked[2]), Is.EqualTo(ErrorCode.Overloaded));
        uint id = (uint)(long)client.Read()[1]!;
        client.Send(Wire.Frame(Wire.Response, id, null, Wire.Array(0.5)));
        Assert.That(asked[0].Wait(TestHost.Patience), Is.True);
        client.Read();
        Task<Quotient> next = session.RequestAsync(new Divide(1, 2));
        client.Send(Wire.Frame(Wire.Response, (uint)(long)client.Read()[1]!, null, Wire.Array(0.25)));
        Assert.That(next.Wait(TestHost.Patience), Is.True);
        client.Reset();
        Assert.That(ErrorOf(asked[1]), Is.EqualTo(ErrorCode.Cancelled));
    }

    [Test]
    public async Task RequestAsync_LoopEnds_EndsEveryWait()
    {
        // Requests from many threads while the loop ends: wherever a request is at that moment, its wait ends.
        for (int round = 0; round < 20; round++)
        {
            NetServer server = TestHost.CreateServer(o => o.ListenTcp("127.0.0.1", 0));
            server.Start();
            NetClient client = await TestHost.ConnectAsync(server);
            Task[] asking = [.. Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
            {
                for (int i = 0; i < 200; i++)
                {
                    try
                    {
                        await client.RequestAsync(new Divide(1, 2)).WaitAsync(TestHost.Patience);
                    }
                    catch (RequestException)
                    {
                        // Unknown to this server, or cancelled by the end of the loop.
                    }
                }
            }))];
            await client.DisposeAsync().AsTask().WaitAsync(TestHost.Patience);
            await Task.WhenAll(asking);
            await TestHost.StopAndCheckAsync(server);
        }
    }

    [Test]
    public void RequestAsync_LongerThanAFrame_IsTooLargeFromAnyThread()
    {
        Start();
        using RawClient client = RawClient.Open(Server);
        Session session = NextOpened();
        var large = new Say(new string('x', 70_000));
        Assert.That(ErrorOf(session.RequestAsync<Say, Quotient>(large)), Is.EqualTo(ErrorCode.TooLarge));
        Assert.That(ErrorOf(OnLoop(() => session.RequestAsync<Say, Quotient>(large))), Is.EqualTo(ErrorCode.TooLarge));
        Assert.That(OnLoop(() => session.Requests.Outstanding), Is.Zero);
        client.Sync();
    }

    [Test]
    public void RequestAsync_CancelledBefore_SendsNothing()
    {
        Start();
        using RawClient client = RawClient.Open(Server);
        Task<Quotient> asked = NextOpened().RequestAsync(new Divide(1, 2), cancellation: new CancellationToken(canceled: true));
        Assert.That(asked.IsCanceled, Is.True);
        client.Send(Wire.Frame(Wire.Request, 7, Wire.Ping, Wire.Array(1)));
        Assert.That(client.Read()[0], Is.EqualTo(Wire.Response), "the answer to Ping comes first");
    }

    [Test]
    public void RequestAsync_NoTime_IsRejected()
    {
        Start();
        using RawClient client = RawClient.Open(Server);
        Session session = NextOpened();
        Assert.Throws<ArgumentOutOfRangeException>(() => session.RequestAsync(new Divide(1, 2), TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => session.RequestAsync(new Divide(1, 2), TimeSpan.FromTicks(-1)));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void RequestAsync_CancelledOnEitherSideOfTheOutbox_FreesItsSlotAndALateResponseIsDropped(bool onLoop)
    {
        Start(listen => listen.MaxPendingRequests = 1);
        using RawClient client = RawClient.Open(Server);
        Session session = NextOpened();
        for (int time = 1; time <= 3; time++)
        {
            using var cancellation = new CancellationTokenSource();
            Task<Quotient> asked = session.RequestAsync(new Divide(1, 2), cancellation: cancellation.Token);
            uint id = (uint)(long)client.Read()[1]!;
            if (onLoop)
            {
                OnLoop(() =>
                {
                    cancellation.Cancel();
                    return true;
                });
            }
            else
            {
                cancellation.Cancel();
            }

            Assert.That(async () => await asked.WaitAsync(TestHost.Patience), Throws.InstanceOf<OperationCanceledException>());
            Assert.That(OnLoop(() => session.Requests.Outstanding), Is.Zero, $"time {time}");
            client.Send(Wire.Frame(Wire.Response, id, null, Wire.Array(0.5)));
            client.Sync();
            Assert.That(Server.GetStatistics().LateResponses, Is.EqualTo(time));
        }
    }

    [Test]
    public void SendRaw_NoByte_IsRejected()
    {
        Start();
        using RawClient client = RawClient.Open(Server);
        Session session = NextOpened();
        Assert.Throws<ArgumentException>(() => session.SendRaw([]));
        client.Sync();
    }

    [Test]
    public void Respond_LongerThanAFrame_TellsWhoAskedAndTheSessionGoesOn()
    {
        Start(handlers: server => server.OnRequest<Say, Text>((_, in say) => new Text(new string('x', 70_000))));
        using RawClient client = RawClient.Open(Server);
        for (uint id = 1; id <= 2; id++)
        {
            client.Send(Wire.Frame(Wire.Request, id, 72, Wire.Array("long")));
            Assert.That(client.ExpectError(id, ErrorCode.TooLarge), Does.Contain("response"));
        }

        Assert.That(Server.GetStatistics().ResponsesLost, Is.Zero);
    }

    private static int ErrorOf(Task<Quotient> asked) =>
        Assert.ThrowsAsync<RequestException>(() => asked.WaitAsync(TestHost.Patience))!.Code;

    // As in a project without the generator.
#pragma warning disable NL0020
    private readonly struct Unmarked : INetRequest<Quotient>;
#pragma warning restore NL0020
}

