using System.Runtime.InteropServices;
using NetLoop.Tests.Demo;
using NUnit.Framework;

namespace NetLoop.Tests.Hosting;

/// <summary>The effects of the first, the second and the third signal.</summary>
public sealed class StopSignalTests
{
    private StopSignal _signal = null!;

    [SetUp]
    public void Create() => _signal = new StopSignal();

    [TearDown]
    public void Dispose() => _signal.Dispose();

    [Test]
    public void OnSignal_OneAfterTheOther_StopsAbortsAndEndsTheProcess()
    {
        Assert.That((_signal.Token.IsCancellationRequested, _signal.AbortToken.IsCancellationRequested), Is.EqualTo((false, false)));
        Assert.That(IsKeptFromTheSystem(), Is.True);
        Assert.That((_signal.Token.IsCancellationRequested, _signal.AbortToken.IsCancellationRequested), Is.EqualTo((true, false)));
        Assert.That(IsKeptFromTheSystem(), Is.True);
        Assert.That((_signal.Token.IsCancellationRequested, _signal.AbortToken.IsCancellationRequested), Is.EqualTo((true, true)));
        Assert.That(IsKeptFromTheSystem(), Is.False);
        Assert.That(IsKeptFromTheSystem(), Is.False);
    }

    [Test]
    public void OnSignal_AfterStop_AbortsAtOnce()
    {
        _signal.Stop();
        Assert.That((_signal.Token.IsCancellationRequested, _signal.AbortToken.IsCancellationRequested), Is.EqualTo((true, false)));
        Assert.That(IsKeptFromTheSystem(), Is.True);
        Assert.That(_signal.AbortToken.IsCancellationRequested, Is.True);
    }

    [Test]
    public void OnSignal_WhileTheFirstOnesCallbackBlocks_Aborts()
    {
        bool? aborted = null;
        _signal.Token.Register(() =>
        {
            IsKeptFromTheSystem();
            aborted = _signal.AbortToken.IsCancellationRequested;
        });
        IsKeptFromTheSystem();
        Assert.That(aborted, Is.True);
    }

    [Test]
    public void OnSignal_AfterDispose_IsKeptFromTheSystemAndDoesNothing()
    {
        CancellationToken token = _signal.Token;
        _signal.Dispose();
        Assert.That(IsKeptFromTheSystem(), Is.True);
        Assert.That(IsKeptFromTheSystem(), Is.True);
        Assert.That(token.IsCancellationRequested, Is.False);
    }

    [Test]
    [Platform("Linux")]
    public void Constructor_SignalOfTheSystem_IsHeard()
    {
        const int HangUp = 1;
        ChildProcess.RequireSignal(Environment.ProcessId, "HUP");
        Assert.That(Kill(Environment.ProcessId, HangUp), Is.Zero);
        Assert.That(_signal.Token.WaitHandle.WaitOne(TestHost.Patience), Is.True);
        Assert.That(_signal.AbortToken.IsCancellationRequested, Is.False);
    }

    private bool IsKeptFromTheSystem()
    {
        var context = new PosixSignalContext(PosixSignal.SIGINT);
        _signal.OnSignal(context);
        return context.Cancel;
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);
}
