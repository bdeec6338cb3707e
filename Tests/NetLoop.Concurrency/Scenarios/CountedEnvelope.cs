using NetLoop.Messaging;

namespace NetLoop.Concurrency.Scenarios;

/// <summary>Checks that it is delivered once, and in order.</summary>
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
