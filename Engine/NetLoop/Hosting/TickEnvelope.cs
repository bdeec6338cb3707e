using NetLoop.Messaging;

namespace NetLoop.Hosting;

/// <summary>Ticks on their way to the handlers' thread, in order with the messages around them.</summary>
internal sealed class TickEnvelope(TickRunner runner, long firstTick, int count) : Envelope
{
    public override string HandlerName => "OnTick";

    public override void Deliver()
    {
        runner.Run(firstTick, count);
        runner.MarkDelivered();
    }

    public override void Discard() => runner.MarkDelivered();
}
