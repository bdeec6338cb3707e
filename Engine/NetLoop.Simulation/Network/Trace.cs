using System.Globalization;

namespace NetLoop.Simulation;

/// <summary>Everything that happened, as one number: two runs with the same number did the same. On demand also as lines of JSON.</summary>
internal sealed class Trace(EventQueue events) : IDisposable
{
    private TextWriter? _writer;

    /// <summary>The hash of all events so far.</summary>
    public ulong Hash { get; private set; } = 0xCBF29CE484222325;

    /// <summary>Events so far.</summary>
    public long Count { get; private set; }

    /// <summary>Writes one line an event from here on.</summary>
    public void WriteTo(TextWriter ownedWriter) => _writer = ownedWriter;

    /// <param name="code">What it is about.</param>
    /// <param name="host">Of which host.</param>
    /// <param name="a">What the code says.</param>
    /// <param name="b">What the code says.</param>
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
