using NetLoop.Sending;

namespace NetLoop.Messaging;

/// <summary>How messages are sent, from what their contracts and the sends say.</summary>
internal static class SendModes
{
    /// <summary>The mode that a message's contract declares.</summary>
    public static SendMode Of<T>(in T message)
        where T : INetMessage<T> =>
        T.Delivery == Delivery.ReliableOrdered && T.Channel == 0 ? default : new(T.Delivery, T.Channel, (ushort)T.MessageType, KeyOf(in message, T.Delivery));

    /// <summary>The mode of one send that overrides the delivery of the contract.</summary>
    public static SendMode Of<T>(in T message, Delivery delivery)
        where T : INetMessage<T> => new(delivery, T.Channel, (ushort)T.MessageType, KeyOf(in message, delivery));

    private static long KeyOf<T>(in T message, Delivery delivery)
        where T : INetMessage<T> => delivery == Delivery.Sequenced ? T.GetConflationKey(in message) : 0;
}
