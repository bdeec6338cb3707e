using NetLoop.Tests;
using NUnit.Framework;
using NUnit.Framework.Interfaces;

[assembly: HangWatch]

namespace NetLoop.Tests;

/// <summary>
/// Ends the run and names the test if a test does not end. Otherwise a bug that makes a test wait forever would not be reported as a failure.
/// </summary>
/// <remarks>
/// The slowest test takes 5 s. A test that waits is detected by the number of checks, which are as late as the test itself on a busy machine. A test that
/// computes is detected by the processor time since the last test began or ended.
/// </remarks>
[AttributeUsage(AttributeTargets.Assembly)]
internal sealed class HangWatchAttribute : Attribute, ITestAction
{
    private const int LookMilliseconds = 500;
    private const int MaxLooks = 400;

    private static readonly TimeSpan MaxProcessorTime = TimeSpan.FromSeconds(60);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (string Name, int Looks)> _running = [];
    private Thread? _watch;
    private TimeSpan _processorTime;

    public ActionTargets Targets => ActionTargets.Test;

    public void BeforeTest(ITest test)
    {
        lock (_lock)
        {
            // Explicit tests may take longer.
            if (!IsExplicit(test))
            {
                _running[test.Id] = (test.FullName, 0);
            }

            _processorTime = Environment.CpuUsage.TotalTime;
            if (_watch is null)
            {
                _watch = new Thread(Watch) { IsBackground = true, Name = "hang watch" };
                _watch.Start();
            }
        }
    }

    public void AfterTest(ITest test)
    {
        lock (_lock)
        {
            _running.Remove(test.Id);
            _processorTime = Environment.CpuUsage.TotalTime;
        }
    }

    /// <summary>A test case with parameters does not have this property itself.</summary>
    private static bool IsExplicit(ITest? test) => test is not null && (test.RunState == RunState.Explicit || IsExplicit(test.Parent));

    private void Watch()
    {
        while (true)
        {
            Thread.Sleep(LookMilliseconds);
            lock (_lock)
            {
                bool computes = Environment.CpuUsage.TotalTime - _processorTime > MaxProcessorTime;
                foreach ((string id, (string name, int looks)) in _running.ToArray())
                {
                    _running[id] = (name, looks + 1);
                    if (looks > MaxLooks || computes)
                    {
                        Environment.FailFast($"{name} hangs");
                    }
                }
            }
        }
    }
}
