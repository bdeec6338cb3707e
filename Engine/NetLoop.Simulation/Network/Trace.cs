using System.Globalization;

namespace NetLoop.Simulation;

/// <summary>A hash of everything that happened: two runs with the same hash had the same events. Optionally also writes the events as lines of JSON.</summary>
internal sealed class Trace(EventQueue events) : IDisposable
{
    private TextWriter? _writer;

    /// <summary>The hash of all events so far.</summary>
    public ulong Hash { get; private set; } = 0xCBF29CE484222325;

    /// <summary>Number of events so far.</summary>
    public long Count { get; private set; }

    /// <summary>Writes one line for each event from now on.</summary>
    public void WriteTo(TextWriter ownedWriter) => _writer = ownedWriter;

    /// <param name="code">The kind of event.</param>
    /// <param name="host">The host.</param>
    /// <param name="a">A value whose meaning depends on the code.</param>
    /// <param name="b">A value whose meaning depends on the code.</param>
    public void Event(TraceCode code, int host, long a, long b)
    {
        Count++;
        ulong hash = Hash;
        hash = (hash ^ ((ulong)code | ((ulong)host << 8))) * 0x9E3779B97F4A7C15;
        hash = (hash ^ (hash >> 29) ^ (ulong)a) * 0xBF58476D1CE4E5B9;
        hash = (hash ^ (hash >> 32) ^ (ulong)b) * 0x94D049BB133111EB;
        Hash = hash ^ (hash >> 31) ^ (ulong)events.Now;
        if (_writer is not null)
        {
            WriteLine(code, host, a, b);
        }
    }

    public void Dispose() => _writer?.Dispose();

    private void WriteLine(TraceCode code, int host, long a, long b) => _writer!.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"ns":{{events.Now}},"event":"{{code}}","host":{{host}},"a":{{a}},"b":{{b}}}"""));
}
