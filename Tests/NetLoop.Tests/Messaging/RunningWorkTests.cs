using NetLoop.CompilerServices;
using NetLoop.Messaging;
using NetLoop.Tests.Hosting;
using NUnit.Framework;

namespace NetLoop.Tests.Messaging;

[Parallelizable]
public sealed class RunningWorkTests
{
    [Test]
    public void Begin_AndEnd_NameWhatRunsAndCountIt()
    {
        var work = new RunningWork();
        Assert.That((work.Name, work.Count), Is.EqualTo((null as string, 0L)));
        work.Begin("Move");
        Assert.That((work.Name, work.Count), Is.EqualTo(("Move", 1L)));
        work.Begin("Say");
        Assert.That((work.Name, work.Count), Is.EqualTo(("Say", 2L)));
        work.End();
        Assert.That((work.Name, work.Count), Is.EqualTo((null as string, 2L)));
        work.Begin(null);
        Assert.That((work.Name, work.Count), Is.EqualTo((null as string, 3L)));
    }

    [Test]
    public void Sent_ByTheThreadOfHandlers_IsKeptUntilTheNextBegins()
    {
        var work = new RunningWork();
        PendingRequest request = Create();
        work.Sent(request);
        Assert.That(work.Request, Is.Null, "no thread is bound");
        work.BindToThread();
        work.Begin("Move");
        work.Sent(request);
        Assert.That(work.Request, Is.SameAs(request));
        PendingRequest second = Create();
        work.Sent(second);
        Assert.That(work.Request, Is.SameAs(second));
        var other = new Thread(() => work.Sent(request));
        other.Start();
        other.Join();
        Assert.That(work.Request, Is.SameAs(second), "another thread's");
        work.End();
        work.Begin("Move");
        Assert.That(work.Request, Is.Null);
    }

    private static PendingRequest<Say, NetFormatters.Contract<Say>> Create() => new(type: 72, "Say", timeoutNanoseconds: 1_000, CancellationToken.None);
}
