using NUnit.Framework;

namespace NetLoop.Tests.Architecture;

[Parallelizable]
public sealed class CycleRuleTests
{
    [Test]
    public void Check_SubfoldersInACircle_NamesAUseOfEach()
    {
        var sources = new EngineSources(
            ("Stack/Socket.cs", "namespace NetLoop; public class Socket { public Stack.Linux.Poller Poller; }"),
            ("Stack/Linux/Poller.cs", "namespace NetLoop.Stack.Linux; public class Poller { public Portable.Waker Waker; }"),
            ("Stack/Portable/Waker.cs", "namespace NetLoop.Stack.Portable;\npublic class Waker { public Socket Socket; }"),
            ("Time/Clock.cs", "namespace NetLoop.Time; public class Clock { public Socket Socket; }"));
        Assert.That(
            CycleRule.Check(sources),
            Is.EqualTo(
            [
                "Engine/NetLoop/Stack/Linux/Poller.cs:1: Stack/Linux uses Waker of Stack/Portable, which uses it in turn",
                "Engine/NetLoop/Stack/Portable/Waker.cs:2: Stack/Portable uses Socket of Stack, which uses it in turn",
                "Engine/NetLoop/Stack/Socket.cs:1: Stack uses Poller of Stack/Linux, which uses it in turn",
            ]));
    }

    [Test]
    public void Check_SubfoldersThatUseTheirFolder_IsAllowed()
    {
        var sources = new EngineSources(
            ("Stack/Socket.cs", "namespace NetLoop; public class Socket { }"),
            ("Stack/Linux/Poller.cs", "namespace NetLoop.Stack.Linux; public class Poller { public Socket Socket; }"));
        Assert.That(CycleRule.Check(sources), Is.Empty);
    }

    [Test]
    public void Check_SessionThatNamesAStream_IsFound()
    {
        var sources = new EngineSources(
            ("Transports/Streams/Stream.cs", "namespace NetLoop.Transports.Streams; public class Stream { }"),
            ("Transports/Connection.cs", "namespace NetLoop.Transports; public class Connection { }"),
            (
                "Sessions/Session.cs",
                "namespace NetLoop;\npublic class Session\n{\n    Transports.Connection _connection;\n    Transports.Streams.Stream _stream;\n}"));
        Assert.That(TransportSeamRule.Check(sources), Is.EqualTo(["Engine/NetLoop/Sessions/Session.cs:5: Sessions uses Stream, which only transports know"]));
    }
}
