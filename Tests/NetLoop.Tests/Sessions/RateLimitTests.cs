using NetLoop.Tests.Hosting;
using NUnit.Framework;

namespace NetLoop.Tests.Sessions;

public sealed class RateLimitTests : ServerFixture
{
    private static readonly byte[] SayFrame = Wire.Frame(Wire.Message, 72, Wire.Array("x"));

    [Test]
    public void Receive_MoreMessagesThanAllowed_IsRateLimited()
    {
        Start(
            listen => listen.RateLimit = new RateLimitOptions { MessagesPerSecond = 5, MessageBurst = 10 },
            o => o.TimeProvider = Time);
        using RawClient client = RawClient.Open(Server);
        client.Send(Wire.Join([.. Enumerable.Repeat(SayFrame, 10)]));
        WaitUntil(() => Said.Count == 10, "the burst is allowed");
        Advance(1.01);
        client.Send(Wire.Join([.. Enumerable.Repeat(SayFrame, 5)]));
        WaitUntil(() => Said.Count == 15, "the rate is allowed");
        client.Send(Wire.Join([.. Enumerable.Repeat(SayFrame, 5)]));
        client.ExpectGoodbye(CloseReason.RateLimited);
        Assert.That(NextClosed().Reason, Is.EqualTo(CloseReason.RateLimited));
        Assert.That(Said, Has.Count.LessThanOrEqualTo(17));
    }

    [Test]
    public void Receive_MoreBytesThanAllowed_IsRateLimited()
    {
        Start(
            listen => listen.RateLimit = new RateLimitOptions { BytesPerSecond = 1000 },
            o => o.TimeProvider = Time);
        using RawClient client = RawClient.Open(Server);
        byte[] kilobyte = Wire.Frame(Wire.Message, 72, Wire.Array(new string('x', 1000)));
        client.SendIgnoringReset(Wire.Join([.. Enumerable.Repeat(kilobyte, 10)]));
        client.ExpectGoodbye(CloseReason.RateLimited);
        Assert.That(Said, Has.Count.LessThanOrEqualTo(3));
    }

    [Test]
    public void Handle_MoreTimeThanAllowed_IsRateLimited()
    {
        Start(
            listen => listen.RateLimit = new RateLimitOptions { HandlerTimePerSecond = TimeSpan.FromMilliseconds(100) },
            o => o.TimeProvider = Time,
            server => server.On<Say>((session, in say) => Time.Advance(TimeSpan.FromMilliseconds(60))));
        using RawClient client = RawClient.Open(Server);
        client.SendIgnoringReset(Wire.Join([.. Enumerable.Repeat(SayFrame, 10)]));
        client.ExpectGoodbye(CloseReason.RateLimited);
    }
}
