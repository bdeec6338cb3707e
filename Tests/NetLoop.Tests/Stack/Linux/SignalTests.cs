using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using NUnit.Framework;

namespace NetLoop.Tests.Stack.Linux;

[TestFixture(PollerKind.Epoll)]
[TestFixture(PollerKind.Poll)]
[TestFixture(PollerKind.Select)]
[Platform("Linux", Reason = "Signals are sent with pthread_kill.")]
[SupportedOSPlatform("linux")]
public sealed partial class SignalTests(PollerKind kind)
{
    private const int SIGWINCH = 28;

    [Test]
    public void Wait_SignalsArrive_CopesAndGoesOn()
    {
        // With a handler; otherwise the kernel would discard the signal and interrupt nothing.
        using PosixSignalRegistration handler = PosixSignalRegistration.Create(PosixSignal.SIGWINCH, context => context.Cancel = true);
        using IPoller poller = NetworkStack.CreateDefault(kind).CreatePoller(kind);
        using ManualResetEventSlim started = new();
        nint waiter = 0;
        int returns = 0;
        bool stop = false;
        Exception? failure = null;
        Thread thread = new(() =>
        {
            waiter = ThreadSelf();
            started.Set();
            ReadyEvent[] events = new ReadyEvent[4];
            try
            {
                while (!Volatile.Read(ref stop))
                {
                    Assert.That(poller.Wait(events, -1), Is.Zero);
                    Interlocked.Increment(ref returns);
                }
            }
            catch (Exception error)
            {
                failure = error;
            }
        });
        thread.Start();
        started.Wait();

        // The runtime's select continues to wait after a signal; the others return without an event.
        int wanted = kind == PollerKind.Select ? 0 : 3;
        for (int signals = 0; signals < 100 || (Volatile.Read(ref returns) < wanted && thread.IsAlive); signals++)
        {
            Assert.That(ThreadKill(waiter, SIGWINCH), Is.Zero);
            Thread.Yield();
        }

        Volatile.Write(ref stop, true);
        poller.Wake();
        thread.Join();
        Assert.That(failure, Is.Null);
        Assert.That(returns, Is.GreaterThanOrEqualTo(wanted));
    }

    [LibraryImport("libc", EntryPoint = "pthread_self")]
    private static partial nint ThreadSelf();

    [LibraryImport("libc", EntryPoint = "pthread_kill")]
    private static partial int ThreadKill(nint thread, int signal);
}
