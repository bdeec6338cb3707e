using Microsoft.Extensions.Logging.Abstractions;
using NetLoop.Hosting.Loop;

namespace NetLoop.Concurrency.Scenarios;

/// <summary>Creates parts of the engine on a network in memory.</summary>
internal static class Engine
{
    public static LoopCore CreateCore(HandlerMode handlers, out MemoryNetwork network)
    {
        network = new MemoryNetwork();
        var options = new EventLoopOptions();
        Configure(options, network, handlers);
        return new LoopCore(options);
    }

    public static void Configure(EventLoopOptions options, MemoryNetwork network, HandlerMode handlers)
    {
        options.Stack = network;
        options.LoggerFactory = NullLoggerFactory.Instance; // Standard error is written to on the thread pool, which no schedule controls.
        options.TimeProvider = new StoppedTime();
        options.Entropy = new Zeros();
        options.HandlerMode = handlers;
        options.TickRate = 0;
        options.StallWarning = TimeSpan.Zero;
        options.SlabBytes = 16 << 10;
        options.MaxBufferBytes = 1 << 20;
        options.BufferDiagnostics = true;
        options.Workers = static work => new Thread(work.Execute).Start();
    }

    private sealed class Zeros : IEntropySource
    {
        public void Fill(Span<byte> destination) => destination.Clear();
    }
}
