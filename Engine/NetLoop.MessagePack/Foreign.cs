using System.Diagnostics.CodeAnalysis;

namespace NetLoop;

/// <summary>Makes a message of a value whose type is not a contract but was added to <see cref="MessageTypes"/>.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
/// <param name="value">The value to send.</param>
/// <remarks>
/// <c>On</c>, <c>OnRequest</c>, <c>Send</c>, <c>RequestAsync</c> and <c>Broadcast</c> take the value itself. This type is for code that requires an
/// <see cref="INetMessage{TSelf}"/>, such as <c>SimulatedClient.Received</c>.
/// </remarks>
public readonly struct Foreign<T>(T value) : INetMessage<Foreign<T>>
{
    /// <summary>The value.</summary>
    [SuppressMessage("Design", "CA1051", Justification = "Handlers get a reference to it.")]
    public readonly T Value = value;

    /// <inheritdoc/>
    static int INetMessage<Foreign<T>>.MessageType => ForeignType<T>.Form.Number ?? throw ForeignType<T>.WithoutNumber();

    /// <inheritdoc/>
    static string INetMessage<Foreign<T>>.MessageName => TypeText.Of(typeof(T));

    /// <inheritdoc/>
    static void INetContract<Foreign<T>>.Write(ref NetWriter writer, in Foreign<T> value) => ForeignType<T>.Form.Write(ref writer, in value.Value);

    /// <inheritdoc/>
    static bool INetContract<Foreign<T>>.TryRead(ref NetReader reader, out Foreign<T> value)
    {
        bool isRead = ForeignType<T>.Form.TryRead(ref reader, out T read);
        value = new Foreign<T>(read);
        return isRead;
    }

    /// <inheritdoc/>
    public override string? ToString() => Value?.ToString();
}
