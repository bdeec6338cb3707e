using Microsoft.Extensions.Logging;
using NetLoop.Demo.Display;
using NetLoop.Tests.Hosting;
using NUnit.Framework;

namespace NetLoop.Tests.Demo.Display;

/// <summary>Output that is not read affects nothing else.</summary>
public sealed class QueuedOutputTests
{
    [Test]
    public void WriteLine_InOrder_IsWrittenInOrder()
    {
        List<string> written = [];
        using var output = new QueuedOutput(written.Add);
        output.WriteLine("one");
        output.Write("two");
        Assert.That(output.TryFlush(TestHost.Patience), Is.Null);
        Assert.That(written, Is.EqualTo(new[] { "one\n", "two" }));
    }

    [Test]
    public void WriteLine_NobodyReads_ReturnsAndCountsWhatIsDropped()
    {
        using var reads = new ManualResetEventSlim();
        List<string> written = [];
        using var output = new QueuedOutput(text =>
        {
            reads.Wait();
            written.Add(text);
        });
        string line = new('x', 1023);
        for (int i = 0; i < 300; i++)
        {
            output.WriteLine(line);
        }

        Assert.That(output.TryFlush(TimeSpan.Zero), Is.EqualTo("nobody reads it"));
        reads.Set();
        Assert.That(output.TryFlush(TestHost.Patience), Is.Null);
        output.WriteLine("again");
        Assert.That(output.TryFlush(TestHost.Patience), Is.Null);
        Assert.That(written[^2..], Is.EqualTo(new[] { "(44 lines dropped: the output was not read)\n", "again\n" }));
    }

    [Test]
    public void TryDeliver_QueueIsFull_WaitsForRoom()
    {
        using var reads = new ManualResetEventSlim();
        List<string> written = [];
        using var output = new QueuedOutput(text =>
        {
            reads.Wait();
            written.Add(text);
        });
        output.Write(new string('x', QueuedOutput.MaxQueued));

        string? reason = "not called";
        var delivering = new Thread(() => reason = output.TryDeliver(["the summary"], TestHost.Patience));
        delivering.Start();
        SpinWait.SpinUntil(() => (delivering.ThreadState & ThreadState.WaitSleepJoin) != 0, TestHost.Patience);
        reads.Set();
        delivering.Join();

        Assert.That(reason, Is.Null);
        Assert.That(written[^1], Is.EqualTo("the summary\n"));
    }

    [Test]
    public void WriteLine_CannotBeWritten_IsDroppedWithTheReason()
    {
        using var output = new QueuedOutput(_ => throw new IOException("No space left on device"));
        output.WriteLine("one");
        Assert.That(output.TryFlush(TestHost.Patience), Is.EqualTo("No space left on device"));
        output.WriteLine("two");
        Assert.That(output.TryFlush(TimeSpan.Zero), Is.EqualTo("No space left on device"));
    }

    [Test]
    public void Log_TerminalIsHeld_Returns()
    {
        using var reads = new ManualResetEventSlim();
        List<string> written = [];
        using (var log = new TableLog(() => 80, text =>
        {
            reads.Wait();
            written.Add(text);
        }))
        {
            for (int i = 0; i < 10_000; i++)
            {
                log.Log(LogLevel.Warning, default, i, null, (number, _) => $"line {number}");
            }

            reads.Set();
        }

        Assert.That(written[0], Does.StartWith("Warning: line 0"));
    }

    [TestCase("a\u202Eb\u2066\u2028", "a\\u202eb\\u2066\\u2028")]
    [TestCase("\x1b[2J\n", "\\x1b[2J\\n")]
    public void PrintableText_WhatATerminalWouldObey_IsWrittenOut(string text, string expected) => Assert.That(PrintableText.From(text), Is.EqualTo(expected));
}
