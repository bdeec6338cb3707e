using NetLoop.CompilerServices;

namespace NetLoop;

/// <summary>Sends messages to one peer. Implemented by sessions, clients and simulated clients.</summary>
/// <remarks>Thread: depends on the implementation; for sessions and clients, any.</remarks>
public interface IMessageSender
{
    /// <inheritdoc cref="Session.Send{T}(in T)"/>
    SendStatus Send<T>(in T message)
        where T : INetMessage<T>;

    /// <inheritdoc cref="Session.RequestAsync{TResponse}(INetRequest{TResponse}, TimeSpan?, CancellationToken)"/>
    Task<TResponse> RequestAsync<TResponse>(INetRequest<TResponse> request, TimeSpan? timeout = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.SendAsync(this, timeout, cancellation);
    }

    /// <inheritdoc cref="Session.RequestAsync{TRequest, TResponse}(TRequest, TimeSpan?, CancellationToken)"/>
    Task<TResponse> RequestAsync<TRequest, TResponse>(TRequest request, TimeSpan? timeout = null, CancellationToken cancellation = default)
        where TRequest : INetMessage<TRequest>
        where TResponse : INetContract<TResponse>;

    /// <inheritdoc cref="Session.RequestAsync{TRequest, TResponse, TFormatter}(TRequest, TimeSpan?, CancellationToken)"/>
    Task<TResponse> RequestAsync<TRequest, TResponse, TFormatter>(TRequest request, TimeSpan? timeout = null, CancellationToken cancellation = default)
        where TRequest : INetMessage<TRequest>
        where TFormatter : INetFormatter<TResponse>;
}
