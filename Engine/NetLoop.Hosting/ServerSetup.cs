namespace NetLoop;

/// <summary>One step of setting up the host's server.</summary>
/// <param name="Options">Runs before the server is created; null for nothing.</param>
/// <param name="Server">Runs before it starts; null for nothing.</param>
internal sealed record ServerSetup(Action<IServiceProvider, NetServerOptions>? Options, Action<IServiceProvider, NetServer>? Server);
