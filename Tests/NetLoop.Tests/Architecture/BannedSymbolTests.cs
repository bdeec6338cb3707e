using NUnit.Framework;

namespace NetLoop.Tests.Architecture;

/// <summary>The build rejects banned APIs in the engine, and names their replacements.</summary>
[Parallelizable]
public sealed class BannedSymbolTests
{
    private readonly BannedSymbols _banned = new();

    [Test]
    public void BannedSymbols_EveryLine_NamesASymbol()
    {
        // The analyzer silently ignores a name that it cannot resolve.
        var sources = new EngineSources(("Time/A.cs", "class A;"));
        Assert.That(_banned.Ids.Where(id => !sources.IsKnown(id)), Is.Empty);
    }

    [TestCase("object Use() => DateTime.Now;", "LoopClock")]
    [TestCase("object Use() => DateTime.UtcNow;", "LoopClock")]
    [TestCase("object Use() => DateTimeOffset.UtcNow;", "LoopClock")]
    [TestCase("object Use() => System.Diagnostics.Stopwatch.GetTimestamp();", "LoopClock")]
    [TestCase("object Use() => Environment.TickCount;", "LoopClock")]
    [TestCase("object Use() => Environment.TickCount64;", "LoopClock")]
    [TestCase("void Use() => Thread.Sleep(1);", "TimerQueue")]
    [TestCase("object Use() => Task.Delay(1);", "TimerQueue")]
    [TestCase("object Use() => Task.Delay(1, default(CancellationToken));", "TimerQueue")]
    [TestCase("object Use() => new Timer(null);", "TimerQueue")]
    [TestCase("object Use() => new System.Timers.Timer();", "TimerQueue")]
    [TestCase("object Use(TimeSpan period) => new PeriodicTimer(period);", "TimerQueue")]
    [TestCase("object Use() => new Random(1);", "IEntropySource")]
    [TestCase("object Use() => Random.Shared.Next();", "IEntropySource")]
    [TestCase("object Use() => Guid.NewGuid();", "IEntropySource")]
    [TestCase("object Use(System.Net.Sockets.Socket socket) => socket.Accept();", "INetworkStack")]
    [TestCase("object Use() => System.Buffers.ArrayPool<byte>.Shared;", "BufferPool")]
    [TestCase("object Use() => System.Threading.Channels.BoundedChannelFullMode.DropOldest;", "BoundedChannelFullMode.Wait")]
    [TestCase("void Use() => Console.WriteLine();", "ILogger")]
    [TestCase("[System.Runtime.InteropServices.DllImport(\"libc\")] static extern int getpid();", "Stack/Linux")]
    [TestCase("[System.Runtime.InteropServices.LibraryImport(\"libc\")] static partial int getpid();", "Stack/Linux")]
    public void Check_BannedSymbol_NamesItsReplacement(string member, string replacement)
    {
        Assert.That(Check(member), Has.Some.Contains("Engine/NetLoop/Sessions/User.cs:2: RS0030").And.Some.Contains(replacement));
    }

    [Test]
    public void Check_ImportedByUsingStatic_IsSeenThrough()
    {
        var sources = new EngineSources(("Time/User.cs", "using static System.DateTime; class User { object Use() => UtcNow; }"));
        Assert.That(_banned.Check(sources), Has.One.Contains("'DateTime.UtcNow' is banned in this project: use the time of the loop"));
    }

    [TestCase("TimeSpan Use(DateTime at, int Now) => at - DateTime.UnixEpoch;")]
    [TestCase("object Use() => System.Threading.Channels.BoundedChannelFullMode.Wait;")]
    [TestCase("object Use() => Task.CompletedTask;")]
    [TestCase("object Random, Stopwatch, Console;")]
    public void Check_AllowedSymbol_IsFine(string member)
    {
        Assert.That(Check(member), Is.Empty);
    }

    private IEnumerable<string> Check(string member) =>
        _banned.Check(new EngineSources(("Sessions/User.cs", $"partial class User\n{{ {member} }}")));
}
