namespace NetLoop.Simulation;

/// <summary>The payloads of one client's messages, in order of arrival; decoded on request.</summary>
internal sealed class ReceivedMessages
{
    private readonly List<(int Type, int Offset, int Length)> _messages = [];
    private byte[] _bytes = [];

    /// <summary>Number of bytes kept.</summary>
    public int Length { get; private set; }

    public void Add(int type, ReadOnlySpan<byte> payload)
    {
        if (_bytes.Length - Length < payload.Length)
        {
            Array.Resize(ref _bytes, Math.Max(1024, Math.Max(Length + payload.Length, 2 * _bytes.Length)));
        }

        payload.CopyTo(_bytes.AsSpan(Length));
        _messages.Add((type, Length, payload.Length));
        Length += payload.Length;
    }

    public int Count(int type)
    {
        int count = 0;
        foreach ((int each, _, _) in _messages)
        {
            count += each == type ? 1 : 0;
        }

        return count;
    }

    /// <exception cref="InvalidOperationException">A payload is not a <typeparamref name="T"/>.</exception>
    public List<T> Decode<T>()
        where T : INetMessage<T>
    {
        var decoded = new List<T>();
        foreach ((int type, int offset, int length) in _messages)
        {
            if (type != T.MessageType)
            {
                continue;
            }

            var reader = new NetReader(_bytes.AsSpan(offset, length));
            if (!T.TryRead(ref reader, out T? message) || !reader.TryEnd())
            {
                throw new InvalidOperationException(
                    $"A message of type {type} is not a {typeof(T).Name}: {reader.Status}. Is another contract sent under this number?");
            }

            decoded.Add(message);
        }

        return decoded;
    }

    public void Clear()
    {
        _messages.Clear();
        _bytes = [];
        Length = 0;
    }
}
