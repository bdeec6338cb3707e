using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using BenchmarkDotNet.Validators;

namespace NetLoop.Benchmarks;

/// <summary>
/// How the micro-benchmarks run: short jobs in this process, with allocations and ratios to the baseline of their class.
/// In this process, because then nothing is built or restored between measurements, a machine without network can repeat them, and
/// everything that is compared runs in one process at one clock. `--job short` and the like replace the job as usual.
/// </summary>
internal sealed class ShortRunConfig : ManualConfig
{
    public ShortRunConfig()
    {
        AddJob(Job.Default
            .WithToolchain(InProcessEmitToolchain.Instance)
            // The runtime recompiles hot code on another thread, which would starve for seconds if it were pinned to one core.
            .WithWarmupCount(8)
            .WithIterationCount(8)
            .WithIterationTime(Perfolizer.Horology.TimeInterval.FromMilliseconds(100))
            .WithId("Short"));
        AddDiagnoser(MemoryDiagnoser.Default);
        AddColumnProvider(DefaultColumnProviders.Instance);
        AddLogger(ConsoleLogger.Default);
        AddExporter(MarkdownExporter.GitHub);
        AddValidator(JitOptimizationsValidator.FailOnError);
        WithOptions(ConfigOptions.DisableLogFile);
    }
}
