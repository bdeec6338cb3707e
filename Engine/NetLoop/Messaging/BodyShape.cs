namespace NetLoop.Messaging;

/// <summary>The first element of every body: Engine/PROTOCOL.md, section 1.</summary>
internal enum BodyShape
{
    /// <summary><c>[0, id, type, payload]</c>, or <c>[0, id, type, context, payload]</c>.</summary>
    Request = 0,

    /// <summary><c>[1, id, error, result]</c>.</summary>
    Response = 1,

    /// <summary><c>[2, type, payload]</c>.</summary>
    Message = 2,
}
