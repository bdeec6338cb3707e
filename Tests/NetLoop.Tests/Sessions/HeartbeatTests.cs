using NetLoop.Sessions;
using NUnit.Framework;

namespace NetLoop.Tests.Sessions;

[Parallelizable(ParallelScope.All)]
public sealed class HeartbeatTests
{
    private const long Millisecond = 1_000_000;

    [Test]
    public void New_MeasuredNothing_KnowsNothing()
    {
        var heartbeat = new Heartbeat(firstPing: 17);
        Assert.That((heartbeat.NextPing, heartbeat.RoundTrip, heartbeat.ClockOffset), Is.EqualTo((17L, 0L, 0L)));
    }

    [Test]
    public void Answered_NoPingWasSent_MeasuresNothing([Values(0ul, 1ul, ulong.MaxValue)] ulong echo)
    {
        var heartbeat = new Heartbeat(0);
        heartbeat.Answered(new Pong(echo, 0, 5), now: 40 * Millisecond, stalled: 0);
        Assert.That(heartbeat.RoundTrip, Is.Zero);
    }

    [Test]
    public void Answered_EachPingAfterItsAnswer_IsMeasured()
    {
        var heartbeat = new Heartbeat(0);
        heartbeat.Sent(0, stalled: 0);
        heartbeat.Answered(new Pong(0, 0, 1_000 + (20 * Millisecond)), 40 * Millisecond, 0);
        Assert.That(heartbeat.RoundTrip, Is.EqualTo(40 * Millisecond), "time 0 is a time");
        Assert.That(heartbeat.ClockOffset, Is.EqualTo(1_000));

        heartbeat.Sent(1_000 * Millisecond, 0);
        heartbeat.Answered(new Pong(1_000ul * Millisecond, 0, 0), 1_120 * Millisecond, 0);
        Assert.That(heartbeat.RoundTrip, Is.EqualTo(50 * Millisecond), "an eighth nearer to 120 ms");
        heartbeat.Sent(2_000 * Millisecond, 0);
        heartbeat.Answered(new Pong(2_000ul * Millisecond, 0, 0), 2_050 * Millisecond, 0);
        Assert.That(heartbeat.RoundTrip, Is.EqualTo(50 * Millisecond));
    }

    [Test]
    public void Answered_Twice_MeasuresOnce()
    {
        var heartbeat = new Heartbeat(0);
        heartbeat.Sent(5, 0);
        heartbeat.Answered(new Pong(5, 0, 0), 5 + (40 * Millisecond), 0);
        heartbeat.Answered(new Pong(5, 0, 0), 5 + (400 * Millisecond), 0);
        Assert.That(heartbeat.RoundTrip, Is.EqualTo(40 * Millisecond));
    }

    [Test]
    public void Sent_WhileOneIsMeasured_LeavesThatOne()
    {
        var heartbeat = new Heartbeat(0);
        heartbeat.Sent(10, 0);
        heartbeat.Sent(20, 0);
        heartbeat.Answered(new Pong(20, 0, 0), 30, 0);
        Assert.That(heartbeat.RoundTrip, Is.Zero, "the second is not measured");
        heartbeat.Answered(new Pong(10, 0, 0), 40, 0);
        Assert.That(heartbeat.RoundTrip, Is.EqualTo(30));
    }

    [Test]
    public void Answered_LoopStoodStillMeanwhile_CountsNotAndTheNextDoes()
    {
        var heartbeat = new Heartbeat(0);
        heartbeat.Sent(10, stalled: 3);
        heartbeat.Answered(new Pong(10, 0, 0), 1_000, stalled: 4);
        Assert.That(heartbeat.RoundTrip, Is.Zero);
        heartbeat.Sent(2_000, stalled: 4);
        heartbeat.Answered(new Pong(2_000, 0, 0), 2_007, stalled: 4);
        Assert.That(heartbeat.RoundTrip, Is.EqualTo(7));
    }

    [Test]
    public void Forget_PingThatGotAnError_LetsTheNextBeMeasured()
    {
        var heartbeat = new Heartbeat(0);
        heartbeat.Sent(10, 0);
        heartbeat.Forget();
        heartbeat.Answered(new Pong(10, 0, 0), 50, 0);
        Assert.That(heartbeat.RoundTrip, Is.Zero);
        heartbeat.Sent(60, 0);
        heartbeat.Answered(new Pong(60, 0, 0), 69, 0);
        Assert.That(heartbeat.RoundTrip, Is.EqualTo(9));
    }
}
