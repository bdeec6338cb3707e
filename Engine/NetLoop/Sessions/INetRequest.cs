using System.ComponentModel;

namespace NetLoop;

/// <summary>
/// A request that declares its response: <c>RequestAsync(request)</c> then needs no type arguments, and a wrong response type does not compile.
/// </summary>
/// <typeparam name="TResponse">A contract: a type with <see cref="NetContractAttribute"/> or <see cref="NetMessageAttribute"/> that is not generic.</typeparam>
/// <remarks>A type with <see cref="NetMessageAttribute"/> declares it, and the source generator implements it.</remarks>
public interface INetRequest<TResponse>
{
    /// <summary>Sends this request and waits for its response.</summary>
    /// <param name="to">The sender: a session or client.</param>
    /// <param name="timeout">Time to wait; null for the default of the session.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The same as <see cref="Session.RequestAsync{TRequest, TResponse}(TRequest, TimeSpan?, CancellationToken)"/>.</returns>
    /// <exception cref="InvalidOperationException">The type has no generated code, because it is not a message.</exception>
    // Not abstract: the compiler would report a missing member before the analyzer could say what is wrong with the type.
    [EditorBrowsable(EditorBrowsableState.Never)]
    Task<TResponse> SendAsync(IMessageSender to, TimeSpan? timeout, CancellationToken cancellation) =>
        throw new InvalidOperationException($"'{GetType()}' cannot be sent: mark it [NetMessage], and build it with NetLoop's source generator.");
}
