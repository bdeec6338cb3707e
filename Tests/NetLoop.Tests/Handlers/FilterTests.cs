using NetLoop.Tests.Hosting;
using NUnit.Framework;

namespace NetLoop.Tests.Handlers;

/// <summary>Filters run around handlers, in the order of their registration, and have no cost without registration.</summary>
public sealed class FilterTests
{
    private readonly List<string> _trace = [];
    private NetServer _server = null!;

    [TearDown]
    public async Task Stop()
    {
        await TestHost.StopAndCheckAsync(_server);
        await _server.DisposeAsync();
        _trace.Clear();
    }

    [Test]
    public async Task Use_SeveralFilters_RunAroundTheHandlerInOrder([Values] bool filtersFirst)
    {
        Start(server =>
        {
            if (!filtersFirst)
            {
                server.OnRequest<Divide, Quotient>(Answer);
            }

            server.Use(async (context, next) =>
            {
                Trace($"outer {context.MessageName} {context.MessageType} {context.IsRequest}");
                await next();
                Trace("outer end");
            });
            server.Use<Divide>(async (context, next) =>
            {
                Trace($"inner {context.Message.Value}");
                await next();
                Trace("inner end");
            });
            server.Use<Say>((context, next) => throw new InvalidOperationException("of another type"));
            if (filtersFirst)
            {
                server.OnRequest<Divide, Quotient>(Answer);
            }
        });
        await using NetClient client = await TestHost.ConnectAsync(_server);
        Assert.That((await client.RequestAsync<Divide, Quotient>(new Divide(7, 2))).Value, Is.EqualTo(3.5));
        Assert.That(_trace, Is.EqualTo(new[] { "outer Divide 71 True", "inner 7", "handler", "inner end", "outer end" }));
    }

    [Test]
    public async Task Use_FilterDoesNotCallNext_DropsTheMessage()
    {
        Start(server =>
        {
            server.On<Say>((session, say) => Trace(say.Text));
            server.OnRequest<Divide, Quotient>(Answer);
            server.Use<Say>((context, next) => context.Message.Text == "rude" ? ValueTask.CompletedTask : next());
        });
        await using NetClient client = await TestHost.ConnectAsync(_server);
        client.Send(new Say("rude"));
        client.Send(new Say("kind"));
        await client.RequestAsync<Divide, Quotient>(new Divide(1, 1));
        Assert.That(_trace, Is.EqualTo(new[] { "kind", "handler" }));
    }

    [Test]
    public async Task Use_FilterRejectsARequest_TheClientLearnsWhy()
    {
        Start(server =>
        {
            server.OnRequest<Divide, Quotient>(Answer);
            server.Use((context, next) => context.Session.User is null ? throw new RequestException(ErrorCode.Unauthorized, "Log in first.") : next());
        });
        await using NetClient client = await TestHost.ConnectAsync(_server);
        RequestException? error = Assert.ThrowsAsync<RequestException>(() => client.RequestAsync<Divide, Quotient>(new Divide(1, 1)));
        Assert.That((error!.Code, error.Message), Is.EqualTo((ErrorCode.Unauthorized, "Log in first.")));
        Assert.That(_trace, Is.Empty);
    }

    [Test]
    public async Task Use_FilterMapsExceptions_TheClientSeesTheMappedError()
    {
        Start(server =>
        {
            server.OnRequest((Session session, Divide divide) => divide.By == 0 ? throw new DivideByZeroException() : new Quotient(1));
            server.Use(async (context, next) =>
            {
                try
                {
                    await next();
                }
                catch (DivideByZeroException)
                {
                    throw new RequestException(1000, "Not by zero.");
                }
            });
        });
        await using NetClient client = await TestHost.ConnectAsync(_server);
        RequestException? error = Assert.ThrowsAsync<RequestException>(() => client.RequestAsync<Divide, Quotient>(new Divide(1, 0)));
        Assert.That((error!.Code, error.Message), Is.EqualTo((1000, "Not by zero.")));
        Assert.That(_server.GetStatistics().HandlerFaults, Is.Zero);
    }

    [TestCase("ends without a response")]
    [TestCase("calls next twice")]
    [TestCase("throws behind the handler")]
    public async Task Use_FaultyFilter_FailsTheRequestAndIsCounted(string fault)
    {
        Start(server =>
        {
            server.OnRequest<Divide, Quotient>(Answer);
            server.Use(async (context, next) =>
            {
                if (fault == "ends without a response")
                {
                    return;
                }

                await next();
                if (fault == "calls next twice")
                {
                    await next();
                }

                throw new InvalidOperationException();
            });
        });
        await using NetClient client = await TestHost.ConnectAsync(_server);
        RequestException? error = Assert.ThrowsAsync<RequestException>(() => client.RequestAsync<Divide, Quotient>(new Divide(1, 1)));
        Assert.That(error!.Code, Is.EqualTo(ErrorCode.HandlerFailed));
        Assert.That(_trace, Has.Count.LessThanOrEqualTo(1), "the handler ran once at most");
        Assert.That(_server.GetStatistics().HandlerFaults, Is.EqualTo(1));
    }

    [Test]
    public async Task Use_FilterThrowsForAMessage_TheFaultPolicyDecides()
    {
        Start(server =>
        {
            server.On<Say>((session, say) => { });
            server.Use((context, next) => throw new InvalidOperationException());
        });
        await using NetClient client = await TestHost.ConnectAsync(_server);
        client.Send(new Say("x"));
        Assert.That((await client.Closed.WaitAsync(TestHost.Patience)).Reason, Is.EqualTo(CloseReason.HandlerFault));
    }

    [Test]
    public async Task Use_OfAListener_ConcernsItsSessionsAlone()
    {
        _server = TestHost.CreateServer(o =>
        {
            o.LoggerFactory = new CollectingLoggerFactory();
            o.ListenTcp("127.0.0.1", 0, l => l.Use((context, next) =>
            {
                Trace("listener");
                return next();
            }));
            o.ListenTcp("127.0.0.1", 0);
        });
        _server.Use((context, next) =>
        {
            Trace("server");
            return next();
        });
        _server.Start();
        _server.OnRequest<Divide, Quotient>(Answer); // Registered after the listener's table exists, which must include it too.
        await using NetClient filtered = await NetClient.ConnectAsync(_server.Endpoints[0]);
        await using NetClient other = await NetClient.ConnectAsync(_server.Endpoints[1]);
        await filtered.RequestAsync<Divide, Quotient>(new Divide(1, 1));
        Assert.That(_trace, Is.EqualTo(new[] { "server", "listener", "handler" }));
        _trace.Clear();
        await other.RequestAsync<Divide, Quotient>(new Divide(1, 1));
        Assert.That(_trace, Is.EqualTo(new[] { "server", "handler" }));
    }

    [Test]
    public async Task Use_OffloadedHandler_RunsBehindTheFilter()
    {
        Start(server =>
        {
            server.OnRequest((Session session, Divide divide) => Answer(session, divide), new OffloadOptions());
            server.Use(async (context, next) =>
            {
                await next();
                Trace("filter end");
            });
        });
        await using NetClient client = await TestHost.ConnectAsync(_server);
        for (int i = 0; i < 20; i++)
        {
            Assert.That((await client.RequestAsync<Divide, Quotient>(new Divide(i, 1))).Value, Is.EqualTo(i));
        }

        Assert.That(_trace, Has.Count.EqualTo(40));
    }

    [Test]
    public async Task Use_AwaitingFilter_KeepsWhatASessionMayHaveUnderWay()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Start(
            server =>
            {
                server.On<Say>((session, say) => Trace(say.Text));
                server.Use(async (context, next) =>
                {
                    await gate.Task;
                    await next();
                });
            },
            l => l.MaxPendingHandlers = 3);
        await using NetClient client = await TestHost.ConnectAsync(_server);
        for (int i = 0; i < 50; i++)
        {
            client.Send(new Say($"{i}"));
        }

        while (_server.Core.Services.PendingHandlers < 3)
        {
            await Task.Yield();
        }

        Assert.That(_server.Core.Services.PendingHandlers, Is.EqualTo(3));
        gate.SetResult();
        while (_server.Core.Services.PendingHandlers > 0 || _trace.Count < 50)
        {
            await Task.Yield();
        }
    }

    private void Start(Action<NetServer> setUp, Action<ListenOptions>? listen = null)
    {
        _server = TestHost.CreateServer(o =>
        {
            o.ListenTcp("127.0.0.1", 0, listen);
            o.LoggerFactory = new CollectingLoggerFactory();
        });
        setUp(_server);
        _server.Start();
    }

    private Quotient Answer(Session session, Divide divide)
    {
        Trace("handler");
        return new Quotient(divide.Value / divide.By);
    }

    private void Trace(string what)
    {
        lock (_trace)
        {
            _trace.Add(what);
        }
    }
}
