using NetLoop.Demo.Page;
using NetLoop.Hosting;
using NUnit.Framework;

namespace NetLoop.Tests.Demo.Page;

[TestFixture]
public sealed class HappeningLogTests
{
    [Test]
    public void Log_LateTickOfTheEngine_IsTakenApart()
    {
        (double Milliseconds, string Cause, SuppressedTicks Suppressed)? told = null;
        using var log = new HappeningLog { OnTickLate = (milliseconds, cause, suppressed) => told = (milliseconds, cause, suppressed) };
        var late = new LateTick { Tick = 7, Lateness = 93_400_000, Skipped = 0, Phase = LoopPhase.Tick, PhaseTime = 90_000_000 };
        var suppressed = new SuppressedTicks(2, late, 93_400_000);

        HostingLog.TickLate(log, 7, 93.4, late, suppressed);

        Assert.That(told, Is.EqualTo((93.4, "The previous tick took 90.0 ms.", suppressed)));
    }

    [Test]
    public void Log_AnotherWarning_IsItsText()
    {
        string? told = null;
        using var log = new HappeningLog { OnWarning = text => told = text };

        HostingLog.StopDeadline(log, 3);
        HostingLog.Listening(log, "127.0.0.1:7777");

        Assert.That(told, Is.EqualTo("Drain timeout elapsed; aborting 3 connections."));
    }
}
