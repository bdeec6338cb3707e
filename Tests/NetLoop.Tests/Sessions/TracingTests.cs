using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using NetLoop.Tests.Hosting;
using NUnit.Framework;

namespace NetLoop.Tests.Sessions;

/// <summary>Activities of openings and requests, and the trace context in requests: Engine/PROTOCOL.md, section 9.</summary>
/// <remarks>Not parallel: while it listens, every server of the process has activities.</remarks>
public sealed class TracingTests : ServerFixture
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    private const string Span = "00f067aa0ba902b7";
    private const string Parent = $"00-{Trace}-{Span}-01";
    private const string Divide = "netloop.request Divide";

    [TestCase(HandlerMode.Loop, "tcp")]
    [TestCase(HandlerMode.Dedicated, "tcp")]
    [TestCase(HandlerMode.Loop, "ws")]
    public async Task Request_AcrossASocket_IsOneTraceOfParentAndChild(HandlerMode handlers, string scheme)
    {
        using var log = new ActivityLog();
        Start(l => l.AcceptTraceContext = true, o =>
        {
            o.HandlerMode = handlers;
            o.ListenWebSocket("127.0.0.1", 0, l => l.AcceptTraceContext = true);
        });
        await using NetClient client = await NetClient.ConnectAsync(Server.Endpoints[scheme == "tcp" ? 0 : 1]);
        using var caller = new Activity("caller");
        caller.Start();
        caller.TraceStateString = "vendor=1";
        Quotient quotient = await client.RequestAsync(new Divide(6, 3));
        Assert.That(Activity.Current, Is.SameAs(caller), "a request leaves the current activity as it was");
        caller.Stop();

        Activity asked = log.Next(Divide, ActivityKind.Client);
        Activity handled = log.Next(Divide, ActivityKind.Server);
        Assert.Multiple(() =>
        {
            Assert.That(quotient.Value, Is.EqualTo(2));
            Assert.That(asked.ParentSpanId, Is.EqualTo(caller.SpanId));
            Assert.That(handled.TraceId, Is.EqualTo(caller.TraceId));
            Assert.That(handled.ParentSpanId, Is.EqualTo(asked.SpanId));
            Assert.That(handled.HasRemoteParent, Is.True);
            Assert.That(handled.TraceStateString, Is.EqualTo("vendor=1"));
            Assert.That((asked.Status, handled.Status), Is.EqualTo((ActivityStatusCode.Unset, ActivityStatusCode.Unset)));
            foreach (Activity activity in new[] { asked, handled })
            {
                Assert.That(activity.GetTagItem("rpc.system.name"), Is.EqualTo("netloop"));
                Assert.That(activity.GetTagItem("rpc.method"), Is.EqualTo("Divide"));
                Assert.That(activity.GetTagItem("netloop.message.type"), Is.EqualTo(71));
                Assert.That(activity.GetTagItem("netloop.session.id"), Is.EqualTo((long)client.Session.Id));
                Assert.That(activity.GetTagItem("network.transport"), Is.EqualTo("tcp"));
                Assert.That(activity.GetTagItem("network.peer.address"), Is.EqualTo("127.0.0.1"));
                Assert.That(activity.GetTagItem("network.peer.port"), Is.InstanceOf<int>());
            }
        });
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Request_AsynchronousHandler_EndsWithItsResponse(bool isFiltered)
    {
        using var log = new ActivityLog();
        var called = new TaskCompletionSource<Activity?>();
        var mayGoOn = new TaskCompletionSource();
        Activity? afterwards = null;
        Activity? filter = null;
        Start(l => l.AcceptTraceContext = true, handlers: server =>
        {
            server.OnRequest<Divide, Quotient>(async (session, divide) =>
            {
                called.SetResult(Activity.Current);
                await mayGoOn.Task;
                afterwards = Activity.Current;
                return new Quotient(divide.Value / divide.By);
            });
            if (isFiltered)
            {
                server.Use(async (context, next) =>
                {
                    filter = Activity.Current;
                    await next();
                });
            }
        });
        await using NetClient client = await TestHost.ConnectAsync(Server);
        Task<Quotient> asking = client.RequestAsync(new Divide(1, 2));
        Activity? current = await called.Task.WaitAsync(TestHost.Patience);
        Assert.That(current, Is.Not.Null);
        Assert.That(OnLoop(() => Activity.Current), Is.Null, "while it waits, other handlers run outside of it");
        Assert.That(current!.IsStopped, Is.False);
        mayGoOn.SetResult();
        await asking.WaitAsync(TestHost.Patience);
        Activity handled = log.Next(Divide, ActivityKind.Server);
        Activity asked = log.Next(Divide, ActivityKind.Client);
        Assert.That(handled, Is.SameAs(current).And.SameAs(afterwards));
        Assert.That(filter, isFiltered ? Is.SameAs(current) : Is.Null);
        Assert.That(handled.ParentSpanId, Is.EqualTo(asked.SpanId));
    }

    [TestCase(false, false)]
    [TestCase(true, false)]
    [TestCase(false, true)]
    public async Task Request_HandlerRejects_BothSidesHaveTheErrorCode(bool isAsync, bool isFiltered)
    {
        using var log = new ActivityLog();
        StartThrowing(isAsync, isFiltered, () => new RequestException(1_234, "not today"));
        await using NetClient client = await TestHost.ConnectAsync(Server);
        Assert.That(() => client.RequestAsync(new Divide(1, 2)), Throws.TypeOf<RequestException>());
        foreach (ActivityKind kind in new[] { ActivityKind.Client, ActivityKind.Server })
        {
            Activity failed = log.Next(Divide, kind);
            Assert.That((failed.Status, failed.StatusDescription), Is.EqualTo((ActivityStatusCode.Error, "not today")), $"{kind}");
            Assert.That(failed.GetTagItem("error.type"), Is.EqualTo("1234"), $"{kind}");
            Assert.That(failed.GetTagItem("rpc.response.status_code"), Is.EqualTo("1234"), $"{kind}");
            Assert.That(failed.Events, Is.Empty, $"{kind}");
        }
    }

    [TestCase(false, false)]
    [TestCase(true, false)]
    [TestCase(false, true)]
    public async Task Request_HandlerThrows_TheServerHasTheException(bool isAsync, bool isFiltered)
    {
        using var log = new ActivityLog();
        StartThrowing(isAsync, isFiltered, () => new InvalidDataException("broken"));
        await using NetClient client = await TestHost.ConnectAsync(Server);
        Assert.That(() => client.RequestAsync(new Divide(1, 2)), Throws.TypeOf<RequestException>());
        Activity asked = log.Next(Divide, ActivityKind.Client);
        Activity handled = log.Next(Divide, ActivityKind.Server);
        Assert.That(handled.GetTagItem("error.type"), Is.EqualTo("3"));
        Assert.That(handled.Events.Single().Tags.Single(tag => tag.Key == "exception.message").Value, Is.EqualTo("broken"));
        Assert.That((asked.Status, asked.StatusDescription), Is.EqualTo((ActivityStatusCode.Error, "The handler failed.")));
        Assert.That(asked.Events, Is.Empty, "the exception stays on the server");
    }

    [Test]
    public async Task Request_HandlerLeavesAnActivityCurrent_ItsErrorIsTheRequests()
    {
        using var log = new ActivityLog();
        using var left = new Activity("left behind");
        Start(handlers: server => server.OnRequest<Divide, Quotient>((Session session, in Divide divide) =>
        {
            left.Start();
            throw new RequestException(1_000, "no");
        }));
        await using NetClient client = await TestHost.ConnectAsync(Server);
        Assert.That(() => client.RequestAsync(new Divide(1, 2)), Throws.TypeOf<RequestException>());
        Assert.That(log.Next(Divide, ActivityKind.Server).GetTagItem("error.type"), Is.EqualTo("1000"));
        Assert.That(left.Status, Is.EqualTo(ActivityStatusCode.Unset));
        Assert.That(OnLoop(() => Activity.Current), Is.Null, "the next handler runs outside of it");
    }

    [Test]
    public async Task Request_OfAHandler_IsAChildOfTheHandlersActivity()
    {
        using var log = new ActivityLog();
        Start(
            l =>
            {
                l.AcceptTraceContext = true;
                l.SendTraceContext = true;
            },
            handlers: server => server.OnRequest<Divide, Quotient>(async (session, divide) => await session.RequestAsync(divide)));
        await using NetClient client = await TestHost.ConnectAsync(Server, o =>
        {
            o.AcceptTraceContext = true;
            o.Handlers = new HandlerTable().OnRequest<Divide, Quotient>((session, divide) => new Quotient(divide.Value / divide.By));
        });
        await client.RequestAsync(new Divide(6, 3)).WaitAsync(TestHost.Patience);
        Activity[] all =
        [
            log.Next(Divide, ActivityKind.Client), log.Next(Divide, ActivityKind.Client),
            log.Next(Divide, ActivityKind.Server), log.Next(Divide, ActivityKind.Server),
        ];
        Activity first = all.Single(activity => activity.ParentSpanId == default);
        foreach (ActivityKind kind in new[] { ActivityKind.Server, ActivityKind.Client, ActivityKind.Server })
        {
            first = all.Single(activity => activity.ParentSpanId == first.SpanId);
            Assert.That(first.Kind, Is.EqualTo(kind));
        }
    }

    [Test]
    public async Task Request_TimedOut_EndsWithTheError()
    {
        using var log = new ActivityLog();
        var never = new TaskCompletionSource<Quotient>();
        Start(handlers: server => server.OnRequest<Divide, Quotient>((session, divide) => never.Task));
        await using NetClient client = await TestHost.ConnectAsync(Server);
        Assert.That(
            () => client.RequestAsync(new Divide(1, 2), TimeSpan.FromMilliseconds(1)), Throws.TypeOf<RequestException>());
        Assert.That(log.Next(Divide, ActivityKind.Client).GetTagItem("error.type"), Is.EqualTo($"{ErrorCode.TimedOut}"));
        never.SetResult(default);
        log.Next(Divide, ActivityKind.Server);
    }

    [Test]
    public async Task Request_SessionIsClosed_EndsWithTheError()
    {
        using var log = new ActivityLog();
        Start();
        NetClient client = await TestHost.ConnectAsync(Server);
        await client.DisposeAsync();
        Assert.That(() => client.RequestAsync(new Divide(1, 2)), Throws.TypeOf<RequestException>());
        Assert.That(log.Next(Divide, ActivityKind.Client).GetTagItem("error.type"), Is.EqualTo($"{ErrorCode.Cancelled}"));
    }

    [Test]
    public void Request_ServerDidNotAnnounce_HasTheBytesOfARequestWithoutATrace()
    {
        byte[] plain = BytesOfARequest(isTraced: false, features: null);
        Assert.That(BytesOfARequest(isTraced: true, features: null), Is.EqualTo(plain));
        Assert.That(BytesOfARequest(isTraced: true, features: 0), Is.EqualTo(plain));
        Assert.That(BytesOfARequest(isTraced: true, features: 2), Is.EqualTo(plain), "a feature that this version does not know");
        Assert.That(BytesOfARequest(isTraced: false, features: 1), Is.EqualTo(plain), "nothing to send");
        Assert.That(BytesOfARequest(isTraced: true, features: 1, o => o.SendTraceContext = false), Is.EqualTo(plain), "disabled");
    }

    [Test]
    public void Request_ServerAnnounced_HasTheContextBeforeThePayload()
    {
        byte[] plain = BytesOfARequest(isTraced: false, features: null);
        byte[] traced = BytesOfARequest(isTraced: true, features: 1);
        object?[] expected = Wire.Read(plain);
        object?[] request = Wire.Read(traced);
        Assert.That(request, Has.Length.EqualTo(5));
        Assert.That(request[..3], Is.EqualTo(expected[..3]));
        Assert.That(request[3], Is.EqualTo(new object?[] { Parent }));
        Assert.That(request[4], Is.EqualTo(expected[3]));
    }

    [Test]
    public void Request_NobodyListensButACallerHasAnActivity_HasItsContext()
    {
        using var caller = new Activity("caller");
        using var server = new RawServer(features: 1);
        caller.Start();
        _ = server.Client.RequestAsync(new Divide(6, 3));
        Assert.That(((object?[])server.Peer.Read()[3]!)[0], Is.EqualTo(caller.Id));
    }

    [Test]
    public void Request_ContextDoesNotFit_GoesWithoutIt()
    {
        using var log = new ActivityLog();
        using var server = new RawServer(features: 1, o => o.MaxBodyBytes = 1_000);
        _ = server.Client.RequestAsync<Say, Text>(new Say(new string('x', 985)));
        object?[] untraced = server.Peer.Read();
        Assert.That((untraced.Length, untraced[2]), Is.EqualTo((4, (object)72L)), "the request, and not a Ping that came because nothing was sent");
        _ = server.Client.RequestAsync<Say, Text>(new Say(new string('x', 700)));
        Assert.That(server.Peer.Read(), Has.Length.EqualTo(5));
    }

    [Test]
    public void Hello_OfAClient_AnnouncesWhatItReadsAndSends()
    {
        Assert.That(FeaturesInHello(), Is.Null);
        Assert.That(FeaturesInHello(o => o.AcceptTraceContext = true), Is.EqualTo(1));
        using (var caller = new Activity("caller"))
        {
            caller.Start();
            Assert.That(FeaturesInHello(), Is.EqualTo(2), "created inside of an activity");
        }

        using var log = new ActivityLog();
        Assert.That(FeaturesInHello(), Is.EqualTo(2));
        Assert.That(FeaturesInHello(o => o.AcceptTraceContext = true), Is.EqualTo(3));
        Assert.That(FeaturesInHello(o => o.SendTraceContext = false), Is.Null);

        static object? FeaturesInHello(Action<NetClientOptions>? configure = null)
        {
            using var server = new RawServer(features: null, configure);
            return server.Hello.Length == 4 ? null : server.Hello[4];
        }
    }

    [TestCase(false, null, 5)]
    [TestCase(false, 2, 5)]
    [TestCase(true, null, 5)]
    [TestCase(true, 1, 5)]
    [TestCase(true, 2, 6)]
    [TestCase(true, 0xFFFF_FFFFu, 6)]
    public void Welcome_AcceptTraceContext_IsAnnouncedToThoseWhoAsk(bool accepts, object? features, int elements)
    {
        Start(l => l.AcceptTraceContext = accepts);
        using var client = new RawClient(Server);
        object?[] hello = Wire.Array(1, 0, null, null);
        client.Send(Wire.Frame(Wire.Request, 0, Wire.Hello, features is null ? hello : [.. hello, features]));
        object?[] welcome = (object?[])client.Read()[3]!;
        Assert.That(welcome, Has.Length.EqualTo(elements));
        Assert.That(welcome[^1], Is.EqualTo(elements == 6 ? 1 : 65_536));
        client.Send(Wire.Frame(Wire.Request, 1, 71, Wire.Array(6.0, 3.0)));
        Assert.That(client.Read()[3], Is.EqualTo(new object?[] { 2.0 }), "a client that knows nothing of this");
    }

    [TestCase(true)]
    [TestCase(false)]
    public void RequestToClient_ClientDidNotAnnounce_HasNoContext(bool sends)
    {
        using var log = new ActivityLog();
        Start(l => l.SendTraceContext = sends);
        using var client = new RawClient(Server);
        client.Send(Wire.Frame(Wire.Request, 0, Wire.Hello, sends ? Wire.Array(1, 0, null, null) : Wire.Array(1, 0, null, null, 1)));
        client.Read();
        _ = NextOpened().RequestAsync(new Divide(6, 3));
        Assert.That(client.Read(), Has.Length.EqualTo(4));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void RequestWithContext_ListenerDoesNotAccept_IsMalformed(bool isListenedTo)
    {
        using ActivityLog? log = isListenedTo ? new ActivityLog() : null;
        Start();
        using RawClient client = RawClient.Open(Server);
        client.Send(Wire.Frame(Wire.Request, 1, 71, Wire.Array(Parent), Wire.Array(6.0, 3.0)));
        client.ExpectGoodbye(CloseReason.Malformed);
    }

    private static IEnumerable<TestCaseData> Ignored()
    {
        yield return new TestCaseData(5, false).SetArgDisplayNames("a number");
        yield return new TestCaseData(Wire.Array(), false).SetArgDisplayNames("an empty array");
        yield return new TestCaseData(Wire.Array("00-what"), false).SetArgDisplayNames("not a traceparent");
        yield return new TestCaseData(Wire.Array(new string('0', 60_000)), false).SetArgDisplayNames("60 KB");
        yield return new TestCaseData(Wire.Array(Parent, new string('x', 513)), true).SetArgDisplayNames("a tracestate of 513 bytes");
    }

    [TestCaseSource(nameof(Ignored))]
    public void RequestWithContext_Malformed_IsHandledAndCounted(object context, bool hasParent)
    {
        using var log = new ActivityLog();
        Start(l => l.AcceptTraceContext = true);
        using RawClient client = RawClient.Open(Server);
        client.Send(Wire.Frame(Wire.Request, 1, 71, context, Wire.Array(6.0, 3.0)));
        Assert.That(client.Read()[3], Is.EqualTo(new object?[] { 2.0 }));
        Activity handled = log.Next(Divide, ActivityKind.Server);
        Assert.That(handled.HasRemoteParent, Is.EqualTo(hasParent));
        Assert.That(handled.TraceStateString, Is.Null.Or.Empty);
        Assert.That(Server.GetStatistics().TraceContextsIgnored, Is.EqualTo(1));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void RequestWithContext_NobodyListens_IsHandled(bool isMalformed)
    {
        Start(l => l.AcceptTraceContext = true);
        using RawClient client = RawClient.Open(Server);
        client.Send(Wire.Frame(Wire.Request, 1, 71, isMalformed ? 7 : Wire.Array(Parent, "a=1"), Wire.Array(6.0, 3.0)));
        Assert.That(client.Read()[3], Is.EqualTo(new object?[] { 2.0 }));
        Assert.That(Server.GetStatistics().TraceContextsIgnored, Is.EqualTo(isMalformed ? 1 : 0));
    }

    [Test]
    public void RequestWithContext_BadBody_IsMalformedAsAnyOther()
    {
        byte[][] bodies =
        [
            Wire.Body(Wire.Request, 1, 71, Wire.Array(Parent)), // Without a payload, the context is taken for it.
            Wire.Join(Wire.Body(Wire.Request, 1, 71, Wire.Array(Parent), Wire.Array(6.0, 3.0)), [0]),
            Wire.Body(Wire.Request, 1, 71, Wire.Array(Parent), Wire.Array(6.0, 3.0), 1),
            Wire.Body(Wire.Message, 71, Wire.Array(Parent), Wire.Array(6.0, 3.0)),
            [0x95, 0, 1, 71, 0xC1, 0x92, 1, 1],
            [0x95, 0, 1, 71, 0x91],
        ];
        Start(l => l.AcceptTraceContext = true);
        for (int i = 1; i < bodies.Length; i++)
        {
            using RawClient client = RawClient.Open(Server);
            client.Send(Wire.Framed(bodies[i]));
            client.ExpectGoodbye(CloseReason.Malformed);
        }

        using RawClient first = RawClient.Open(Server);
        first.Send(Wire.Framed(bodies[0]));
        first.ExpectError(1, ErrorCode.MalformedPayload);
        first.Send(Wire.Frame(Wire.Request, 2, 71, Wire.Array(Parent), Wire.Array("six")));
        first.ExpectError(2, ErrorCode.MalformedPayload);
        first.Send(Wire.Frame(Wire.Request, 3, 999, Wire.Array(Parent), Wire.Array(6.0)));
        first.ExpectError(3, ErrorCode.UnknownMessage);
        first.Send(Wire.Frame(Wire.Request, 4, Wire.Ping, Wire.Array(Parent), Wire.Array(1)));
        Assert.That(first.Read()[1], Is.EqualTo(4));
    }

    [Test]
    public void HelloWithContext_IsMalformed()
    {
        Start(l => l.AcceptTraceContext = true);
        using var client = new RawClient(Server);
        client.Send(Wire.Frame(Wire.Request, 0, Wire.Hello, Wire.Array(Parent), Wire.Array(1, 0, null, null)));
        client.ExpectGoodbye(CloseReason.Malformed);
    }

    [Test]
    public void Requests_SeveralSessionsInOneEnvelope_HaveTheirOwnParents()
    {
        using var log = new ActivityLog();
        Start(l => l.AcceptTraceContext = true);
        using RawClient client = RawClient.Open(Server);
        byte[][] frames =
        [
            .. Enumerable.Range(0, 12).Select(i => i % 3 == 0
                ? Wire.Frame(Wire.Request, i, 71, Wire.Array(i, 1.0))
                : Wire.Frame(Wire.Request, i, 71, Wire.Array($"00-{Trace}-{i:x16}-01"), Wire.Array(i, 1.0))),
        ];
        client.Send(Wire.Join(frames));
        for (int i = 0; i < frames.Length; i++)
        {
            Activity handled = log.Next(Divide, ActivityKind.Server);
            Assert.That(handled.ParentSpanId.ToHexString(), Is.EqualTo(i % 3 == 0 ? new string('0', 16) : $"{i:x16}"), $"{i}");
        }
    }

    [Test]
    public async Task Open_Session_IsAnActivityOnEitherSide()
    {
        using var log = new ActivityLog();
        using var caller = new Activity("caller");
        Start();
        caller.Start();
        await using NetClient client = await TestHost.ConnectAsync(Server);
        caller.Stop();
        Activity connected = log.Next("netloop.connect", ActivityKind.Client);
        Activity opened = log.Next("netloop.open", ActivityKind.Server);
        Assert.Multiple(() =>
        {
            Assert.That(connected.ParentSpanId, Is.EqualTo(caller.SpanId));
            Assert.That(opened.ParentId, Is.Null);
            Assert.That(connected.GetTagItem("netloop.endpoint"), Is.EqualTo(Server.Endpoints[0].ToUri()));
            foreach (Activity activity in new[] { connected, opened })
            {
                Assert.That(activity.GetTagItem("netloop.session.id"), Is.EqualTo((long)client.Session.Id));
                Assert.That(activity.GetTagItem("network.transport"), Is.EqualTo("tcp"));
                Assert.That(activity.GetTagItem("network.peer.address"), Is.EqualTo("127.0.0.1"));
                Assert.That(activity.Status, Is.EqualTo(ActivityStatusCode.Unset));
            }
        });
    }

    [Test]
    public void Open_Rejected_HasTheReasonOnEitherSide()
    {
        using var log = new ActivityLog();
        Start(configure: o => o.Authenticate = (_, _) => ValueTask.FromResult(AuthenticationResult.Reject("who are you?")));
        Assert.That(() => TestHost.ConnectAsync(Server), Throws.TypeOf<NetConnectException>());
        foreach (Activity activity in new[] { log.Next("netloop.connect", ActivityKind.Client), log.Next("netloop.open", ActivityKind.Server) })
        {
            Assert.That(activity.Status, Is.EqualTo(ActivityStatusCode.Error));
            Assert.That(activity.GetTagItem("error.type"), Is.EqualTo("Unauthorized"));
            Assert.That(activity.StatusDescription, Does.Contain("who are you?"));
        }
    }

    [Test]
    public void Connect_NobodyListens_EndsWithTheError()
    {
        using var log = new ActivityLog();
        NetEndpoint unused = NetEndpoint.Unix(Path.Combine(TestContext.CurrentContext.WorkDirectory, "nobody.sock"));
        Assert.That(() => NetClient.ConnectAsync(unused), Throws.TypeOf<NetConnectException>());
        Activity failed = log.Next("netloop.connect", ActivityKind.Client);
        Assert.That((failed.Status, failed.GetTagItem("error.type")), Is.EqualTo((ActivityStatusCode.Error, (object)"TransportError")));
        Assert.That(failed.GetTagItem("network.transport"), Is.EqualTo("unix"));
        Assert.That(log.Count, Is.Zero);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Listener_Throws_CostsTheTraceAlone(bool whenStarted)
    {
        using var log = new ActivityLog(
            whenStarted ? _ => throw new InvalidDataException("listener") : null, whenStarted ? null : _ => throw new InvalidDataException("listener"));
        Start(l => l.AcceptTraceContext = true);
        await using NetClient client = await TestHost.ConnectAsync(Server);
        for (int i = 1; i <= 5; i++)
        {
            Assert.That((await client.RequestAsync(new Divide(6, i)).WaitAsync(TestHost.Patience)).Value, Is.EqualTo(6.0 / i));
        }

        Assert.That(OnLoop(() => Activity.Current), Is.Null);
        Assert.That(Log.CountOf(1106), Is.EqualTo(1), "any client can cause it");
    }

    [TestCase(HandlerMode.Loop)]
    [TestCase(HandlerMode.Dedicated)]
    public async Task Loop_StartedInsideAnActivity_RunsHandlersOutsideOfIt(HandlerMode mode)
    {
        using var starter = new Activity("starter");
        starter.Start();
        var current = new TaskCompletionSource<Activity?>();
        Start(
            configure: o => o.HandlerMode = mode,
            handlers: server => server.On<Say>((session, in say) => current.SetResult(Activity.Current)));
        starter.Stop();
        await using NetClient client = await TestHost.ConnectAsync(Server);
        client.Send(new Say("hello"));
        Assert.That(await current.Task.WaitAsync(TestHost.Patience), Is.Null);
    }

    private void StartThrowing(bool isAsync, bool isFiltered, Func<Exception> exception) =>
        Start(l => l.AcceptTraceContext = true, handlers: server =>
        {
            if (isAsync)
            {
                server.OnRequest<Divide, Quotient>(async (session, divide) =>
                {
                    await Task.Yield();
                    throw exception();
                });
            }
            else
            {
                server.OnRequest<Divide, Quotient>((Session session, in Divide divide) => throw exception());
            }

            if (isFiltered)
            {
                server.Use((context, next) => next());
            }
        });

    /// <summary>Returns the bytes that a client sends for a request to a server that the test plays.</summary>
    private static byte[] BytesOfARequest(bool isTraced, int? features, Action<NetClientOptions>? configure = null)
    {
        using var server = new RawServer(features, configure);
        using var caller = new Activity("caller");
        if (isTraced)
        {
            caller.Start();
        }

        _ = server.Client.RequestAsync(new Divide(6, 3));
        byte[] header = Receive(4);
        byte[] body = Receive(System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(header));
        return isTraced ? Replace(body, caller.Id!, Parent) : body;

        byte[] Receive(int count)
        {
            byte[] bytes = new byte[count];
            for (int read = 0; read < count;)
            {
                read += server.Peer.Socket.Receive(bytes.AsSpan(read));
            }

            return bytes;
        }
    }

    private static byte[] Replace(byte[] bytes, string what, string by) =>
        System.Text.Encoding.Latin1.GetBytes(System.Text.Encoding.Latin1.GetString(bytes).Replace(what, by, StringComparison.Ordinal));

    /// <summary>A server that the test plays, byte by byte, and a client that is connected to it.</summary>
    private sealed class RawServer : IDisposable
    {
        public RawServer(int? features, Action<NetClientOptions>? configure = null)
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            Task<NetClient> connecting = NetClient.ConnectAsync(NetEndpoint.Tcp("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port), configure);
            Peer = new RawClient(listener.AcceptSocket());
            Hello = (object?[])Peer.Read()[3]!;
            object?[] welcome = Wire.Array(77, 60, 5, null, 65_536);
            Peer.Send(Wire.Frame(Wire.Response, 0, null, features is { } known ? [.. welcome, known] : welcome));
            Assert.That(connecting.Wait(TestHost.Patience), Is.True);
            Client = connecting.Result;
        }

        public RawClient Peer { get; }

        public object?[] Hello { get; }

        public NetClient Client { get; }

        public void Dispose()
        {
            Peer.Dispose();
            Assert.That(Client.DisposeAsync().AsTask().Wait(TestHost.Patience), Is.True);
        }
    }
}
