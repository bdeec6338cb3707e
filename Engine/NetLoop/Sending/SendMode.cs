using System.Runtime.InteropServices;

namespace NetLoop.Sending;

/// <summary>How one body is sent: its delivery, its channel, and which waiting body it replaces. The default value is reliable and ordered.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct SendMode(Delivery delivery, int channel = 0, ushort messageType = 0, long key = 0)
{
    /// <summary>The highest channel.</summary>
    public const int MaxChannel = 15;

    private readonly byte _delivery = (byte)delivery;
    private readonly byte _channel = (byte)channel;
    private readonly ushort _messageType = messageType;
    private readonly long _key = key;

    public Delivery Delivery => (Delivery)_delivery;

    /// <summary>The channel: 0 to <see cref="MaxChannel"/>. Channels do not wait for each other.</summary>
    public int Channel => _channel;

    /// <summary>Whether nothing is read after it: a Goodbye.</summary>
    public bool IsLast { get; init; }

    /// <summary>Whether the body may be lost.</summary>
    public bool IsExpendable => _delivery >= (byte)Delivery.Sequenced;

    /// <summary>A body with the same key replaces this one while it waits: the message type and the application's key.</summary>
    public (ushort MessageType, long Key) ConflationKey => (_messageType, _key);
}
