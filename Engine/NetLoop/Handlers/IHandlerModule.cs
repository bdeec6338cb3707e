namespace NetLoop;

/// <summary>
/// A group of handlers that belong together, such as those of a chat or a shop. Registered with <see cref="HandlerRegistry{TSelf}.Use(IHandlerModule)"/>.
/// </summary>
public interface IHandlerModule
{
    /// <summary>Registers the module's handlers.</summary>
    void Register(HandlerTable handlers);
}
