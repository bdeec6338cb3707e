using NetLoop.CompilerServices;

namespace NetLoop.Messaging;

/// <summary><c>[2, type, payload]</c>.</summary>
internal readonly ref struct MessageBody<T>(ref readonly T message) : IBody
    where T : INetMessage<T>
{
    private const int MaxHeaderBytes = 1 + 2 + 3;

    private readonly ref readonly T _message = ref message;

    public void Write(ref NetWriter writer)
    {
        if (writer.HasRoom(MaxHeaderBytes))
        {
            ref byte at = ref FixedLayout.WriteArrayHeader(ref writer.Reserved, 3);
            at = ref FixedLayout.Write(ref at, (byte)BodyShape.Message);
            at = ref FixedLayout.Write(ref at, (ushort)T.MessageType);
            writer.Commit(ref at);
        }
        else
        {
            // So close to the end of the memory that the longest header would not fit; this one may fit, or the memory grows.
            writer.WriteArrayHeader(3);
            writer.Write((int)BodyShape.Message);
            writer.Write(T.MessageType);
        }

        T.Write(ref writer, in _message);
    }
}

/// <summary><c>[0, id, type, payload]</c>.</summary>
internal readonly ref struct RequestBody<T>(uint id, ref readonly T request) : IBody
    where T : INetMessage<T>
{
    private readonly ref readonly T _request = ref request;

    public void Write(ref NetWriter writer)
    {
        BodyHeader.WriteRequest(ref writer, id, T.MessageType);
        T.Write(ref writer, in _request);
    }
}

/// <summary><c>[0, id, type, payload]</c> with a payload that is already encoded.</summary>
internal readonly ref struct RequestBody(uint id, int type, ReadOnlySpan<byte> payload) : IBody
{
    private readonly ReadOnlySpan<byte> _payload = payload;

    public void Write(ref NetWriter writer)
    {
        BodyHeader.WriteRequest(ref writer, id, type);
        writer.WriteRaw(_payload);
    }
}

/// <summary><c>[0, id, type, context, payload]</c> of a payload that is encoded already.</summary>
internal readonly ref struct TracedRequestBody(uint id, int type, OutgoingTrace trace, ReadOnlySpan<byte> payload) : IBody
{
    private readonly ReadOnlySpan<byte> _payload = payload;

    public void Write(ref NetWriter writer)
    {
        BodyHeader.WriteRequest(ref writer, id, type, hasContext: true);
        TraceContext.Write(ref writer, trace.Parent!, trace.State);
        writer.WriteRaw(_payload);
    }
}

/// <summary>A contract without a body around it.</summary>
internal readonly ref struct PayloadBody<T>(ref readonly T payload) : IBody
    where T : INetContract<T>
{
    private readonly ref readonly T _payload = ref payload;

    public void Write(ref NetWriter writer) => T.Write(ref writer, in _payload);
}

/// <summary><c>[1, id, nil, result]</c>.</summary>
internal readonly ref struct ResponseBody<T>(uint id, ref readonly T result) : IBody
    where T : INetContract<T>
{
    private readonly ref readonly T _result = ref result;

    public void Write(ref NetWriter writer)
    {
        writer.WriteArrayHeader(4);
        writer.Write((int)BodyShape.Response);
        writer.Write(id);
        writer.WriteNil();
        T.Write(ref writer, in _result);
    }
}

/// <summary><c>[1, id, [code, text], nil]</c>.</summary>
internal readonly struct ErrorBody(uint id, int code, string text) : IBody
{
    /// <summary>The text of an error is for people and should be short.</summary>
    private const int MaxTextCharacters = 1024;

    public void Write(ref NetWriter writer)
    {
        writer.WriteArrayHeader(4);
        writer.Write((int)BodyShape.Response);
        writer.Write(id);
        writer.WriteArrayHeader(2);
        writer.Write(code);
        writer.Write(text.AsSpan(0, Math.Min(text.Length, MaxTextCharacters)));
        writer.WriteNil();
    }
}

/// <summary>Bytes that already are a body.</summary>
internal readonly ref struct EncodedBody(ReadOnlySpan<byte> body) : IBody
{
    private readonly ReadOnlySpan<byte> _body = body;

    public void Write(ref NetWriter writer) => writer.WriteRaw(_body);
}
