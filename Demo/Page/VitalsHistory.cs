namespace NetLoop.Demo.Page;

/// <summary>The samples of the last minute, for the charts of a page that connects later.</summary>
/// <remarks>Thread: any; one lock.</remarks>
internal sealed class VitalsHistory
{
    /// <summary>A minute of samples at four a second; together about 40 KiB in a message.</summary>
    public const int MaxSamples = 240;

    private readonly Lock _lock = new();
    private readonly Queue<Vitals> _samples = new(MaxSamples);

    /// <summary>Adds the latest sample.</summary>
    public void Add(in Vitals vitals)
    {
        lock (_lock)
        {
            if (_samples.Count == MaxSamples)
            {
                _samples.Dequeue();
            }

            _samples.Enqueue(vitals);
        }
    }

    /// <summary>Returns a copy, oldest first.</summary>
    public List<Vitals> ToList()
    {
        lock (_lock)
        {
            return [.. _samples];
        }
    }
}
