
namespace NetLoop.Messaging;

/// <summary>Carries out on the loop thread what another thread asked for.</summary>
internal interface IOutboxTarget
{
    /// <param name="item">What was asked; its lease now belongs to the target.</param>
    void OnOutbox(in OutboxItem item);
}
