namespace NetLoop.Demo.Load;

/// <summary>How far a connection of a load has come.</summary>
internal enum LoadConnectionState
{
    /// <summary>Not tried yet.</summary>
    New,

    /// <summary>On its way.</summary>
    Connecting,

    /// <summary>Carries messages.</summary>
    Connected,

    /// <summary>Over before the load was.</summary>
    Lost,
}
