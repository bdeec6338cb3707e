using MessagePack;

namespace NetLoop;

/// <summary>
/// Sends values of types in <see cref="MessageTypes"/>. The methods look like those for contracts: the compiler selects these for types that are not
/// contracts.
/// </summary>
public static class ForeignSends
{
    /// <summary>Sends a value as a message; see <see cref="Session.Send{T}(in T)"/>.</summary>
    /// <returns>Sent, or the reason why it was not sent.</returns>
    /// <exception cref="InvalidOperationException">The type was not added to <see cref="MessageTypes"/>.</exception>
    /// <exception cref="MessagePackSerializationException">The serializer cannot write the value; nothing is sent.</exception>
    public static SendStatus Send<T>(this Session session, in T message)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session.Send(new Foreign<T>(message));
    }

    /// <inheritdoc cref="Send{T}(Session, in T)"/>
    public static SendStatus Send<T>(this NetClient client, in T message)
    {
        ArgumentNullException.ThrowIfNull(client);
        return client.Send(new Foreign<T>(message));
    }

    /// <inheritdoc cref="Send{T}(Session, in T)"/>
    public static SendStatus Send<T>(this IMessageSender sender, in T message)
    {
        ArgumentNullException.ThrowIfNull(sender);
        return sender.Send(new Foreign<T>(message));
    }

    /// <summary>Sends a value to every member; it is encoded once.</summary>
    /// <inheritdoc cref="Send{T}(Session, in T)"/>
    public static SendStatus Broadcast<T>(this SessionGroup group, in T message)
    {
        ArgumentNullException.ThrowIfNull(group);
        return group.Broadcast(new Foreign<T>(message));
    }

    /// <summary>Sends a value to every open session; it is encoded once.</summary>
    /// <inheritdoc cref="Send{T}(Session, in T)"/>
    public static SendStatus Broadcast<T>(this NetServer server, in T message)
    {
        ArgumentNullException.ThrowIfNull(server);
        return server.Broadcast(new Foreign<T>(message));
    }

    /// <summary>
    /// Sends a request and waits for its response; each of the two types is a contract or one of <see cref="MessageTypes"/>. See
    /// <see cref="Session.RequestAsync{TRequest, TResponse}(TRequest, TimeSpan?, CancellationToken)"/>.
    /// </summary>
    /// <exception cref="InvalidOperationException">One of the types was not added to <see cref="MessageTypes"/>.</exception>
    /// <exception cref="MessagePackSerializationException">The serializer cannot write the request; nothing is sent.</exception>
    /// <exception cref="RequestException">The other side responded with an error, or there was no response.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static Task<TResponse> RequestAsync<TRequest, TResponse>(
        this IMessageSender sender, TRequest request, TimeSpan? timeout = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(sender);
        _ = ForeignType<TResponse>.Form;
        return sender.RequestAsync<Foreign<TRequest>, TResponse, ForeignFormatter<TResponse>>(new(request), timeout, cancellation);
    }
}
