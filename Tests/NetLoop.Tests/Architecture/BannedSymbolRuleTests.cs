using NUnit.Framework;

namespace NetLoop.Tests.Architecture;

[Parallelizable]
public sealed class BannedSymbolRuleTests
{
    [TestCase("object Use() => DateTime.Now;", "LoopClock")]
    [TestCase("object Use() => DateTime.UtcNow;", "LoopClock")]
    [TestCase("object Use() => DateTimeOffset.UtcNow;", "LoopClock")]
    [TestCase("object Use() => System.Diagnostics.Stopwatch.GetTimestamp();", "LoopClock")]
    [TestCase("object Use() => Environment.TickCount;", "LoopClock")]
    [TestCase("object Use() => Environment.TickCount64;", "LoopClock")]
    [TestCase("void Use() => Thread.Sleep(1);", "TimerQueue")]
    [TestCase("object Use() => Task.Delay(1);", "TimerQueue")]
    [TestCase("Timer _timer;", "TimerQueue")]
    [TestCase("System.Timers.Timer _timer;", "TimerQueue")]
    [TestCase("PeriodicTimer _timer;", "TimerQueue")]
    [TestCase("Random _random = new(1);", "IEntropySource")]
    [TestCase("object Use() => Random.Shared.Next();", "IEntropySource")]
    [TestCase("object Use() => Guid.NewGuid();", "IEntropySource")]
    [TestCase("System.Net.Sockets.Socket _socket;", "INetworkStack")]
    [TestCase("object Use() => System.Buffers.ArrayPool<byte>.Shared;", "BufferPool")]
    [TestCase("object Use() => System.Threading.Channels.BoundedChannelFullMode.DropOldest;", "BoundedChannelFullMode.Wait")]
    [TestCase("void Use() => Console.WriteLine();", "ILogger")]
    [TestCase("[System.Runtime.InteropServices.DllImport(\"libc\")] static extern int getpid();", "Stack/Linux")]
    [TestCase("[System.Runtime.InteropServices.LibraryImport(\"libc\")] static partial int getpid();", "Stack/Linux")]
    public void Check_BannedSymbol_NamesItsReplacement(string member, string replacement)
    {
        Assert.That(Check("Sessions", member), Has.Some.Contains("Engine/NetLoop/Sessions/User.cs:2: ").And.Some.Contains(replacement));
    }

    [Test]
    public void Check_ImportedByUsingStatic_IsSeenThrough()
    {
        var sources = new EngineSources(("Time/User.cs", "using static System.DateTime; class User { object Use() => UtcNow; }"));
        Assert.That(BannedSymbolRule.Check(sources), Has.One.Contains("System.DateTime.UtcNow is banned here"));
    }

    [TestCase("Stack/Portable", "System.Net.Sockets.Socket _socket;")]
    [TestCase("Stack/Linux", "[System.Runtime.InteropServices.DllImport(\"libc\")] static extern int getpid();")]
    [TestCase("Sessions", "TimeSpan Use(DateTime at, int Now) => at - DateTime.UnixEpoch;")]
    [TestCase("Sessions", "object Use() => System.Threading.Channels.BoundedChannelFullMode.Wait;")]
    [TestCase("Sessions", "object Use() => Task.CompletedTask;")]
    [TestCase("Sessions", "object Random, Stopwatch, Console;")]
    public void Check_AllowedPlaceOrSymbol_IsFine(string folder, string member)
    {
        Assert.That(Check(folder, member), Is.Empty);
    }

    private static IEnumerable<string> Check(string folder, string member) =>
        BannedSymbolRule.Check(new EngineSources(($"{folder}/User.cs", $"partial class User\n{{ {member} }}")));
}
