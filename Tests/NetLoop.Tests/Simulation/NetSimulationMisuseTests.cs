using NetLoop.Tests.Hosting;
using NUnit.Framework;

namespace NetLoop.Tests.Simulation;

/// <summary>The message of every mistake says what to do.</summary>
[Parallelizable]
internal sealed class NetSimulationMisuseTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Test]
    public void Advance_InsideOfAHandler_IsRejected()
    {
        using var sim = new NetSimulation();
        var server = sim.Server();
        server.On<Say>((_, in _) => sim.Advance(Second));
        sim.Client(server).Send(new Say("hi"));
        var fault = Assert.Throws<HandlerFaultException>(() => sim.Advance(Second));
        Assert.That(fault!.InnerException!.Message, Does.Contain("Advance was called while time passes"));
    }

    [Test]
    public void Crash_ByTheServersOwnHandler_IsRejectedAndScheduledIsNot()
    {
        using var sim = new NetSimulation();
        var server = sim.Server();
        server.On<Say>((_, in _) => sim.Schedule(TimeSpan.Zero, () => sim.Crash(server)));
        var bob = sim.Client(server);
        bob.Send(new Say("soon"));
        sim.Advance(Second);
        Assert.That(server.Completion.IsCanceled && bob.Closed is not null);

        server = sim.Restart(server);
        server.On<Say>((_, in _) => sim.Crash(server));
        bob.Reconnect();
        bob.Send(new Say("now"));
        Assert.That(Assert.Throws<HandlerFaultException>(() => sim.Advance(Second))!.InnerException!.Message, Does.Contain("Schedule"));
    }

    [Test]
    public void Server_WithAnotherClock_IsRejected()
    {
        using var sim = new NetSimulation();
        var error = Assert.Throws<InvalidOperationException>(() => sim.Server(o => o.TimeProvider = TimeProvider.System));
        Assert.That(error!.Message, Does.Contain("o.TimeProvider"));
    }

    [Test]
    public void Client_WithALoopOfItsOwn_IsRejected()
    {
        using var sim = new NetSimulation();
        var server = sim.Server();
        var error = Assert.Throws<InvalidOperationException>(() => sim.Client(server, o => o.Loop = EventLoopOf(server)));
        Assert.That(error!.Message, Does.Contain("LoopOptions"));
    }

    [Test]
    public void Client_OfAnotherServer_IsRejected()
    {
        using var sim = new NetSimulation();
        using var other = new NetSimulation();
        NetServer server = other.Server();
        Assert.That(Assert.Throws<InvalidOperationException>(() => sim.Client(server))!.Message, Does.Contain("does not belong to this simulation"));
    }

    [Test]
    public void AdvanceTicks_WithoutTicks_IsRejected()
    {
        using var sim = new NetSimulation();
        NetServer server = sim.Server(o => o.TickRate = 0);
        Assert.That(Assert.Throws<InvalidOperationException>(() => sim.AdvanceTicks(server, 1))!.Message, Does.Contain("TickRate"));
    }

    [Test]
    public void AdvanceTicks_OfAPausedServer_TimesOut()
    {
        using var sim = new NetSimulation();
        NetServer server = sim.Server();
        sim.Pause(server, TimeSpan.FromMinutes(1));
        Assert.That(Assert.Throws<TimeoutException>(() => sim.AdvanceTicks(server, 60))!.Message, Does.Contain("did not run 60 ticks"));
    }

    [Test]
    public void Pause_OfADeadServer_IsRejected()
    {
        using var sim = new NetSimulation();
        NetServer server = sim.Server();
        sim.Crash(server);
        Assert.Throws<InvalidOperationException>(() => sim.Pause(server, Second));
    }

    [Test]
    public void Link_OutOfRange_NamesTheValue()
    {
        using var sim = new NetSimulation();
        Assert.That(Assert.Throws<ArgumentOutOfRangeException>(() => sim.Link = LinkConditions.Lossy(1, TimeSpan.Zero))!.Message, Does.Contain("Loss is 1"));
    }

    [TestCase(FaultClass.LinkDown, "CutLink")]
    [TestCase(FaultClass.HostPause, "Pause")]
    [TestCase(FaultClass.ProcessCrash, "Crash")]
    [TestCase(FaultClass.PowerLoss, "LosePower")]
    [TestCase(FaultClass.SlowConsumer, "StopReading")]
    [TestCase(FaultClass.PoolExhausted, "MaxBufferBytes")]
    [TestCase(FaultClass.ClockDrift, "exact")]
    [TestCase(FaultClass.AddressChanged, "ChangeAddress")]
    [TestCase((FaultClass)999, "none of")]
    public void SetFault_OneOfAWholeMachine_SaysWhatToCall(FaultClass fault, string instead)
    {
        using var sim = new NetSimulation();
        Assert.That(Assert.Throws<ArgumentException>(() => sim.SetFault(fault, 0.5))!.Message, Does.Contain(instead));
    }

    [Test]
    public void SetFault_ProbabilityOutOfRange_IsRejected()
    {
        using var sim = new NetSimulation();
        Assert.Throws<ArgumentOutOfRangeException>(() => sim.SetFault(FaultClass.SendPartial, 1.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => sim.SetHarmlessFaults(1));
    }

    [Test]
    public void Received_WithoutKeeping_SaysWhy()
    {
        using var sim = new NetSimulation { KeepReceived = false };
        var bob = sim.Client(sim.Server());
        Assert.That(Assert.Throws<InvalidOperationException>(() => bob.Received<Say>())!.Message, Does.Contain("KeepReceived"));
    }

    [Test]
    public void Received_AnotherContractUnderTheNumber_SaysSo()
    {
        using var sim = new NetSimulation();
        var server = sim.Server();
        server.OnOpened(session => session.Send(new Say("text")));
        var bob = sim.Client(server);
        sim.Advance(Second);
        Assert.That(Assert.Throws<InvalidOperationException>(() => bob.Received<NotSay>())!.Message, Does.Contain("another contract"));
    }

    [Test]
    public void Advance_MoreReceivedThanMayBeKept_SaysWhatToDo()
    {
        using var sim = new NetSimulation { MaxReceivedBytes = 100_000 };
        var server = sim.Server();
        server.OnTick(_ => server.Broadcast(new Blob(new byte[10_000])));
        var bob = sim.Client(server);
        Assert.That(Assert.Throws<InvalidOperationException>(() => sim.Advance(Second))!.Message, Does.Contain("ClearReceived"));
        bob.ClearReceived();
        sim.Advance(TimeSpan.FromMilliseconds(50));
        Assert.That(bob.CountReceived<Blob>(), Is.GreaterThan(0));
    }

    [Test]
    public void Advance_HandlerOnTheThreadPool_IsFound()
    {
        using var sim = new NetSimulation();
        var server = sim.Server(o => o.TickRate = 60);
        using var done = new ManualResetEventSlim();
        server.On<Say>((session, in say) =>
        {
            Say copy = say;
            ThreadPool.QueueUserWorkItem(_ =>
            {
                session.Send(copy);
                done.Set();
            });
            done.Wait(TestHost.Patience);
        });
        sim.Client(server).Send(new Say("hi"));
        Assert.That(Assert.Throws<InvalidOperationException>(() => sim.Advance(Second))!.Message, Does.Contain("thread pool"));
    }

    [Test]
    public void Advance_AfterDispose_IsRejected()
    {
        var sim = new NetSimulation();
        var bob = sim.Client(sim.Server());
        sim.Dispose();
        sim.Dispose();
        Assert.Throws<ObjectDisposedException>(() => sim.Advance(Second));
        Assert.Throws<ObjectDisposedException>(() => bob.Send(new Say("hi")));
    }

    [Test]
    public void Server_PortTakenTwice_IsTold()
    {
        using var sim = new NetSimulation();
        sim.Server(o =>
        {
            o.ListenTcp("0.0.0.0", 7777);
            o.ListenTcp("0.0.0.0", 7777);
        });
        Assert.Throws<NetListenException>(() => sim.Advance(Second));
    }

    [Test]
    public void Assembly_Exports_NoMoreThanItsUsersNeed()
    {
        Assert.That(typeof(NetSimulation).Assembly.GetExportedTypes().Select(type => type.FullName), Is.EquivalentTo(new[]
        {
            "NetLoop.NetSimulation", "NetLoop.SimulatedClient", "NetLoop.LinkConditions", "NetLoop.FaultClass", "NetLoop.HandlerFaultException",
        }));
    }

    private static EventLoop EventLoopOf(NetServer server) => server.Loop;
}

/// <summary>A type with the same number as <see cref="Say"/>.</summary>
internal readonly struct NotSay : INetMessage<NotSay>
{
    public static int MessageType => 72;

    public static void Write(ref NetWriter writer, in NotSay value) => writer.Write(0);

    public static bool TryRead(ref NetReader reader, out NotSay value)
    {
        value = default;
        return reader.TryRead(out int _);
    }
}
