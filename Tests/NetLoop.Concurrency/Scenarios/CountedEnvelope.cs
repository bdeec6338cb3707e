using NetLoop.Messaging;

namespace NetLoop.Concurrency.Scenarios;

/// <summary>Counts that it was delivered, once and behind those before it.</summary>
internal sealed class CountedEnvelope : Envelope
{
    private readonly int _number;
    private readonly Action<int> _delivered;

    public CountedEnvelope(int number, long bytes, Action<int> delivered)
    {
        _number = number;
        _delivered = delivered;
        ChargedBytes = bytes;
    }

    public override void Deliver() => _delivered(_number);

    public override void Discard() => throw new InvalidOperationException("discarded");
}
