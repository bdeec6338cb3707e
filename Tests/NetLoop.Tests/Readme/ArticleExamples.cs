#pragma warning disable CA1848, CA1873 // Articles log in the simple way.

using System.Diagnostics;
using System.Security.Claims;
using System.Text;
using Microsoft.Extensions.Logging;

namespace NetLoop.Tests.Readme.Articles;

/// <summary>Rooms as named groups.</summary>
public sealed class RoomModule(NetServer server) : IHandlerModule
{
    public void Register(HandlerTable handlers)
    {
        handlers.OnRequest<EnterRoom, RoomEntered>((session, enter) =>
        {
            SessionGroup room = server.Groups.Add(enter.Room, session);
            return new RoomEntered([.. room.Select(member => member.User?.Identity?.Name ?? "somebody")]);
        });
        handlers.On<Line>((session, line) =>
        {
            foreach (SessionGroup room in server.Groups.Where(room => room.Contains(session)))
            {
                room.Broadcast(line, except: session);
            }
        });
    }
}

/// <summary>The code of Engine/Docs, which <see cref="DocumentExampleTests"/> compares with the articles. It is compiled, so that it fits the API.</summary>
internal static class ArticleExamples
{
    public static ValueTask<AuthenticationResult> AuthenticateAsync(AuthenticationRequest request, CancellationToken cancellation)
    {
        string name = Encoding.UTF8.GetString(request.Token.Span);        // check a signature, or ask a login service
        if (name.Length == 0)
        {
            return ValueTask.FromResult(AuthenticationResult.Reject("The token is missing."));
        }

        var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, name)], authenticationType: "token");
        return ValueTask.FromResult(AuthenticationResult.Accept(new ClaimsPrincipal(identity)));
    }

    public static async Task ServeRoomsAsync()
    {
        await using var server = NetServer.Create(o =>
        {
            o.ListenTcp("0.0.0.0", 7777);
            o.Authenticate = AuthenticateAsync;
        });
        server.Use(new RoomModule(server));
        await server.RunAsync();
    }

    public static async Task EnterAsync(string token)
    {
        await using NetClient client = await NetClient.ConnectAsync("tcp://127.0.0.1:7777", o => o.Token = Encoding.UTF8.GetBytes(token));
        RoomEntered entered = await client.RequestAsync(new EnterRoom("red"));
        Console.WriteLine(string.Join(", ", entered.Names));
    }

    public static async Task ReconnectAsync()
    {
        await using NetClient client = await NetClient.ConnectAsync("tcp://127.0.0.1:7777", o =>
        {
            o.Handlers = new HandlerTable().On<Line>((session, line) => Console.WriteLine(line.Text));
            o.Reconnect = new ReconnectOptions
            {
                MaxAttempts = 20,
                OnWaiting = attempt => Console.WriteLine($"{attempt.Ended}; attempt {attempt.Number} in {attempt.Delay.TotalSeconds:F1} s"),
            };
        });
        client.OnOpened(session => session.Send(new Line("here again")));      // each new session starts without rooms
        CloseInfo end = await client.Closed;
        Console.WriteLine($"Ended for good: {end}");
    }

    public static void Filter(NetServer server, ILogger logger)
    {
        server.Use(async (context, next) =>
        {
            long start = Stopwatch.GetTimestamp();
            await next();
            logger.LogDebug("{Message} took {Time}", context.MessageName, Stopwatch.GetElapsedTime(start));
        });

        server.Use<CloseRoom>((context, next) =>
            context.Session.User?.IsInRole("admin") == true
                ? next()
                : throw new RequestException(ErrorCode.Unauthorized, "Only admins close rooms."));
    }

    public static void Log(ILoggerFactory factory)
    {
        NetServer.Create(o =>
        {
            o.ListenTcp("127.0.0.1", 7777);
            o.LoggerFactory = factory;
        });
    }

    public static void AcceptTraces()
    {
        NetServer.Create(o => o.ListenTcp("127.0.0.1", 7777, listener => listener.AcceptTraceContext = true));
    }

    public static void Tune()
    {
        NetServer.Create(o =>
        {
            o.ListenTcp("0.0.0.0", 7777, l =>
            {
                l.MaxBodyBytes = 4 * 1024;
                l.MaxSendQueueBytes = 64 * 1024;
                l.RateLimit = new RateLimitOptions { MessagesPerSecond = 120 };
            });
            o.MaxConnections = 5_000;
            o.TickRate = 60;
        });
    }

    public static void ListenBehindAProxy(NetServerOptions o)
    {
        o.ListenWebSocket("127.0.0.1", 7780, l =>
        {
            l.WebSocket.AllowedOrigins.Add("https://game.example");
            l.WebSocket.HealthPath = "/healthz";
            l.TrustedProxies.Add("127.0.0.1");
        });
    }

    public static void ReadATokenFromASubprotocol(NetServerOptions o)
    {
        o.ListenWebSocket("127.0.0.1", 7780, l => l.WebSocket.Subprotocols.Add("game.v1"));
        o.Authenticate = (request, cancellation) =>
        {
            string offered = request.Upgrade?.Headers.GetValueOrDefault("Sec-WebSocket-Protocol") ?? "";
            return ValueTask.FromResult(
                offered.Split(", ") is ["game.v1", var token] ? AuthenticationResult.Accept(token) : AuthenticationResult.Reject("Offer game.v1 and a token."));
        };
    }

    public static void WhereHandlersRun(NetServer server)
    {
        // Waits: meanwhile the loop continues, and later the handler continues on it.
        server.On<Line>(async (session, line, closed) =>
        {
            await Task.Delay(100, closed);
            session.Send(line);
        });

        // Computes for a long time: runs on two worker threads.
        server.On<CloseRoom>((session, close) => Thread.SpinWait(1_000_000), new OffloadOptions { Workers = 2 });
    }

    public static void Encrypt(NetServerOptions o)
    {
        o.ListenTls("0.0.0.0", 7779, "/etc/ssl/game.example.pem", "/etc/ssl/game.example.key", l =>
        {
            l.Tls!.Hosts["*.game.example"] = new TlsCertificateOptions { CertificateFile = "/etc/ssl/wildcard.pem", KeyFile = "/etc/ssl/wildcard.key" };
        });
        o.Authenticate = (request, cancellation) => ValueTask.FromResult(request.Tls?.Certificate is { } certificate
            ? AuthenticationResult.Accept(identity: certificate.Subject)
            : AuthenticationResult.Reject("Bring a certificate."));
    }

    public static async Task ConnectEncryptedAsync()
    {
        await using NetClient client = await NetClient.ConnectAsync("tls://game.example:7779");
    }

    public static async Task PlayOverUdpAsync()
    {
        await using var server = NetServer.Create(o => o.ListenUdp("0.0.0.0", 7777));
        server.Start();

        await using NetClient client = await NetClient.ConnectAsync("udp://127.0.0.1:7777");
    }

    public static async Task ListenWithASharedKeyAsync()
    {
        ConnectTokenKey key = ConnectTokenKey.Parse(File.ReadAllText("token.key"));     // made once with ConnectTokenKey.Create().Export()
        await using var server = NetServer.Create(o => o.ListenUdp("0.0.0.0", 7777, l =>
        {
            l.Udp.Key = key;
            l.Udp.GivesTokens = false;
            l.Udp.PublicEndpoints.Add(NetEndpoint.Udp("203.0.113.7", 7777));
        }));
    }

    public static async Task ConnectWithATokenAsync(ConnectTokenKey key)
    {
        ConnectToken token = ConnectToken.Create(key, [NetEndpoint.Udp("203.0.113.7", 7777)], clientId: 4711);
        await using NetClient client = await NetClient.ConnectAsync("udp://203.0.113.7:7777", o => o.Udp.Token = token);
    }

    public static void SendAsTheContractSaysOrNot(Session session)
    {
        session.Send(new Position(7, 1.5f, 2));
        session.Send(new Position(7, 1.5f, 2), Delivery.ReliableOrdered);
    }

    public static void ShowTheLink(Session session)
    {
        LinkStatistics? link = session.GetLinkStatistics();
        Console.WriteLine($"round trip {link?.RoundTrip.TotalMilliseconds:0} ms, {link?.PacketsLost} of {link?.PacketsSent} packets lost");
    }

    public static void ListenBehindALoadBalancer(NetServerOptions o)
    {
        o.ListenTcp("127.0.0.1", 7777, l =>
        {
            l.UsesProxyProtocol = true;
            l.TrustedProxies.Add("127.0.0.1");
        });
    }
}
