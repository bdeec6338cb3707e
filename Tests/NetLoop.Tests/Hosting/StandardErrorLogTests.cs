using Microsoft.Extensions.Logging;
using NetLoop.Hosting.Loop;
using NUnit.Framework;

namespace NetLoop.Tests.Hosting;

/// <summary>The log of an application without a logger: it is visible, and can block neither a thread nor the process.</summary>
public sealed class StandardErrorLogTests
{
    private readonly Queue<IThreadPoolWorkItem> _started = [];

    [SetUp]
    public void BeginEmpty() => _started.Clear();

    [Test]
    public void Log_WarningsAndErrors_AreWritten()
    {
        var written = new StringWriter();
        var log = new StandardErrorLog(written, _started.Enqueue);
        Log(log, LogLevel.Information, 1, "not this");
        Log(log, LogLevel.Warning, 2, "this 7");
        Log(log, LogLevel.Error, 3, "and this", new InvalidOperationException("why"));
        _started.Dequeue().Execute();
        string[] lines = written.ToString().ReplaceLineEndings("\n").Split('\n');
        Assert.That(lines[..3], Is.EqualTo(new[] { "netloop: warning 2: this 7", "netloop: error 3: and this", "System.InvalidOperationException: why" }));
    }

    [Test]
    public void Log_NobodyWritesYet_StartsOneThreadAndDropsWhatIsTooMuch()
    {
        var written = new StringWriter();
        var log = new StandardErrorLog(written, _started.Enqueue);
        for (int i = 0; i < 1_000; i++)
        {
            Log(log, LogLevel.Warning, i, "line");
        }

        Assert.That(_started, Has.Count.EqualTo(1), "standard error that blocks would occupy as many threads as there are lines");
        _started.Dequeue().Execute();
        Assert.That(written.ToString().Split("netloop:"), Has.Length.EqualTo(256 + 1));
        Log(log, LogLevel.Warning, 1, "later");
        Assert.That(_started, Has.Count.EqualTo(1), "what comes later is written too");
    }

    [Test]
    public void Log_WriterThrows_CostsTheLineAlone()
    {
        var writer = new FullDisk();
        var log = new StandardErrorLog(writer, _started.Enqueue);
        Log(log, LogLevel.Error, 1, "lost");
        Assert.That(_started.Dequeue().Execute, Throws.Nothing, "on the thread pool it would end the process");
        writer.IsFull = false;
        Log(log, LogLevel.Error, 2, "kept");
        _started.Dequeue().Execute();
        Assert.That(writer.ToString(), Does.Contain("kept").And.Not.Contain("lost"));
    }

    [Test]
    public async Task LoggerFactory_Null_LogsWarningsAndErrorsOnly()
    {
        await using NetServer server = TestHost.CreateServer(o => o.ListenTcp("127.0.0.1", 0));
        Assert.That(server.Core.Logger.IsEnabled(LogLevel.Warning), Is.True);
        Assert.That(server.Core.Logger.IsEnabled(LogLevel.Information), Is.False);
    }

    private static void Log(StandardErrorLog log, LogLevel level, int id, string text, Exception? exception = null) =>
        log.Log(level, id, text, exception, static (state, _) => state);

    private sealed class FullDisk : StringWriter
    {
        public bool IsFull { get; set; } = true;

        public override void WriteLine(string? value)
        {
            if (IsFull)
            {
                throw new IOException("No space left on device");
            }

            base.WriteLine(value);
        }
    }
}
