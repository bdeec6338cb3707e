using NetLoop.Tests.Hosting;
using NetLoop.Tests.Sessions;
using NUnit.Framework;

namespace NetLoop.Tests.Handlers;

/// <summary>Engine/PROTOCOL.md, sections 7 and 8: input before the end of a session is handled and gets responses before the session ends.</summary>
[TestFixture("loop")]
[TestFixture("dedicated")]
[TestFixture("async")]
[TestFixture("offload")]
public sealed class EndOfInputTests(string mode) : ServerFixture
{
    private const int Requests = 50;

    private static IEnumerable<TestCaseData> Ends()
    {
        byte[] say = Wire.Frame(Wire.Message, 72, Wire.Array("behind"));
        yield return End("half a frame", say[..^2], CloseReason.Truncated, byPeer: true);
        yield return End("half a header", [0, 0], CloseReason.Truncated, byPeer: true);
        yield return End("nothing", [], CloseReason.Disconnected, byPeer: true);
        yield return End("Goodbye", Wire.Join(Wire.Frame(Wire.Message, Wire.Goodbye, Wire.Array(0, "")), say), CloseReason.Normal, byPeer: true);
        yield return End("length 0", Wire.Join([0, 0, 0, 0], say), CloseReason.Malformed);
        yield return End("a length beyond the limit", Wire.Join([0x7F, 0xFF, 0xFF, 0xFF], say), CloseReason.FrameTooLarge);
        yield return End("0xC1", Wire.Join([0, 0, 0, 1, 0xC1], say), CloseReason.Malformed);
        yield return End("a bad payload", Wire.Join(Wire.Frame(Wire.Message, 72, Wire.Array(7)), say), CloseReason.Malformed);
    }

    [TestCaseSource(nameof(Ends))]
    public void Receive_EndBehindRequests_AnswersThemFirst(byte[] end, CloseReason reason, bool byPeer)
    {
        StartDividing();
        using RawClient client = RawClient.Open(Server);
        client.SendIgnoringReset(Wire.Join([.. Enumerable.Range(0, Requests).Select(Request), end]));
        client.HalfClose();
        List<object?[]> bodies = client.ReadToEnd();
        Assert.That(bodies.Where(IsResponse).Select(body => body[1]), Is.EquivalentTo(Enumerable.Range(0, Requests)));
        Assert.That(bodies.Skip(Requests).Select(body => ((object?[])body[2]!)[0]), Is.EqualTo(byPeer ? Array.Empty<object>() : [(int)reason]), "Goodbye");
        CloseInfo closed = NextClosed();
        Assert.That(closed.Reason, Is.EqualTo(reason));
        Assert.That(closed.ByPeer, Is.EqualTo(byPeer));
        Assert.That(Said, Is.Empty, "what came behind the end");
        Assert.That(Server.GetStatistics().ResponsesLost, Is.Zero);
    }

    [Test]
    public void Receive_RateLimitReached_AnswersWhatWasAccepted()
    {
        StartDividing(listen => listen.RateLimit = new RateLimitOptions { MessagesPerSecond = 10, MessageBurst = 10 });
        using RawClient client = RawClient.Open(Server);
        client.SendIgnoringReset(Wire.Join([.. Enumerable.Range(0, Requests).Select(Request)]));
        List<object?[]> bodies = client.ReadToEnd();
        Assert.That(bodies.Count(IsResponse), Is.EqualTo(OnLoop(() => _handled)).And.GreaterThan(0));
        Assert.That(bodies[^1][1], Is.EqualTo(Wire.Goodbye));
        Assert.That(NextClosed().Reason, Is.EqualTo(CloseReason.RateLimited));
    }

    private static TestCaseData End(string name, byte[] bytes, CloseReason reason, bool byPeer = false) =>
        new TestCaseData(bytes, reason, byPeer).SetArgDisplayNames(name);

    private static byte[] Request(int id) => Wire.Frame(Wire.Request, (uint)id, 71, Wire.Array(6.0, 2.0));

    private static bool IsResponse(object?[] body) => body[0] is 1L;

    private int _handled;

    private void StartDividing(Action<ListenOptions>? listen = null)
    {
        _handled = 0;
        Start(
            listen,
            o => o.HandlerMode = mode == "dedicated" ? HandlerMode.Dedicated : HandlerMode.Loop,
            server =>
            {
                server.On<Say>((session, in say) => Said.Enqueue(say.Text));
                if (mode == "async")
                {
                    server.OnRequest<Divide, Quotient>(async (Session session, Divide divide) =>
                    {
                        Interlocked.Increment(ref _handled);
                        await Task.Yield();
                        return new Quotient(divide.Value / divide.By);
                    });
                }
                else
                {
                    server.OnRequest<Divide, Quotient>(
                        (session, in divide) =>
                        {
                            Interlocked.Increment(ref _handled);
                            return new Quotient(divide.Value / divide.By);
                        },
                        mode == "offload" ? new OffloadOptions() : null);
                }
            });
    }
}
