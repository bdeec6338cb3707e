using NetLoop.Messaging;

namespace NetLoop.Hosting.Loop;

/// <summary>
/// Ticks on their way to the handlers' thread, in order with the messages around them. There is one object: the next ticks wait until it has been delivered.
/// </summary>
internal sealed class TickEnvelope(TickRunner runner) : Envelope
{
    private long _firstTick;
    private int _count;

    public override string HandlerName => "OnTick";

    /// <summary>Sets the ticks that it carries. Thread: loop, while it is not in the inbox.</summary>
    public void Carry(long firstTick, int count)
    {
        _firstTick = firstTick;
        _count = count;
    }

    public override void Deliver()
    {
        runner.Run(_firstTick, _count);
        runner.MarkDelivered();
    }

    public override void Discard() => runner.MarkDelivered();
}
