namespace NetLoop.Sessions;

/// <summary>What the sessions of one listener or client on one loop share, behind one reference.</summary>
internal sealed record SharedBySessions(SessionServices Services, SessionSettings Settings, ISessionHost Host);
