using NetLoop.CompilerServices;
using NetLoop.Messaging;
using NetLoop.Tests.Hosting;
using NUnit.Framework;

namespace NetLoop.Tests.Messaging;

[Parallelizable]
public sealed class PendingRequestTests
{
    [Test]
    public void Discard_OfTheLoopsEnd_SaysCancelled()
    {
        PendingRequest<Say, NetFormatters.Contract<Say>> request = Create();
        request.Discard();
        Assert.That(ErrorOf(request).Code, Is.EqualTo(ErrorCode.Cancelled));
        Assert.That(ErrorOf(request).Message, Does.Contain("The loop ended"));
    }

    [Test]
    public void Deliver_ThatFailed_SaysWhy()
    {
        PendingRequest<Say, NetFormatters.Contract<Say>> request = Create();
        request.Fail(ErrorCode.Overloaded, "too many");
        Assert.That(request.IsCompleted, Is.False, "not before it is delivered");
        request.Deliver();
        Assert.That(request.IsCompleted, Is.True);
        Assert.That((ErrorOf(request).Code, ErrorOf(request).Message), Is.EqualTo((ErrorCode.Overloaded, "too many")));
    }

    private static PendingRequest<Say, NetFormatters.Contract<Say>> Create() => new(type: 77, "Say", timeoutNanoseconds: 1_000, CancellationToken.None);

    private static RequestException ErrorOf(PendingRequest<Say, NetFormatters.Contract<Say>> request) =>
        (RequestException)request.Task.Exception!.InnerException!;
}
