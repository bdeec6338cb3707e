namespace NetLoop.Sessions;

/// <summary>What the sessions of one listener or client on one loop share, behind one reference.</summary>
internal sealed record SessionContext(SessionServices Services, SessionSettings Settings, ISessionHost Host);
