using System.Net.Sockets;
using NetLoop.Demo.Arena;
using NetLoop.Demo.Bots;
using NetLoop.Demo.Page;
using NetLoop.Demo.Relay;
using NUnit.Framework;

namespace NetLoop.Tests.Demo.Page;

[TestFixture]
public sealed class DemoControlsTests
{
    [Test]
    public async Task Set_SliderIsDragged_IsOneLineFromFirstToLast()
    {
        long now = 0;
        var board = new HappeningBoard(() => now, static _ => { });
        Controls initial = default(Controls) with { Rate = 10 };
        await using var fleet = new BotFleet(new BotSettings(NetEndpoint.Tcp("127.0.0.1", 1), Count: 0, Rate: 10, Seed: 1));
        await using var nobody = new TroubleMakers(static _ => throw new SocketException(), Timeout.InfiniteTimeSpan);
        var arena = new ArenaModule(tickRate: 60, seed: 1);
        NetworkConditions network = NetworkConditions.Perfect;
        var controls = new DemoControls(arena, fleet, nobody, nobody, set => network = set, board, initial);

        foreach (int cost in (int[])[5, 50, 9_999])
        {
            now += 1_000;
            controls.Set(initial with { HandlerMicroseconds = cost });
        }

        Assert.That(board.ToList().Select(line => line.Text), Is.EqualTo(new[] { "Cost of a steering handler set from 0 µs to 500 µs." }));
        Assert.That(arena.HandlerCost, Is.EqualTo(TimeSpan.FromMicroseconds(500)), "the most that can be asked for");

        now += 3_000;
        Controls set = controls.Set(initial);
        Assert.That(board.ToList()[^1].Text, Is.EqualTo("Cost of a steering handler set from 500 µs to 0 µs."));
        Assert.That(set, Is.EqualTo(controls.Initial));

        controls.Set(initial with { LossPercent = 99, LatencyMilliseconds = 80, JitterMilliseconds = 20 });
        Assert.That((network.Loss, network.Latency.TotalMilliseconds, network.Jitter.TotalMilliseconds), Is.EqualTo((0.4, 80, 20)));
        Assert.That(
            board.ToList().Select(line => line.Text),
            Has.Member("Packet loss of UDP bots set from 0% to 40%.").And.Member("Latency of UDP bots, each way, set from 0 ms to 80 ms."));
    }
}
