using NetLoop.Sessions;
using static NetLoop.Diagnostics.OptionCheck;

namespace NetLoop;

/// <summary>How a client connects. Limits are those of its one session.</summary>
public sealed class NetClientOptions : SessionOptions
{
    /// <summary>The loop it lives on; null gives it one of its own, which ends with it.</summary>
    public EventLoop? Loop { get; set; }

    /// <summary>Options of its own loop, when <see cref="Loop"/> is null.</summary>
    public EventLoopOptions LoopOptions { get; } = new() { ThreadName = "netloop client" };

    /// <summary>Its handlers; clients may share a table. Null gives it one of its own.</summary>
    public HandlerTable? Handlers { get; set; }

    /// <summary>Whether the server's listener wants Hello.</summary>
    public HelloMode Hello { get; set; } = HelloMode.Required;

    /// <summary>Shown to the server's authenticator; empty for none.</summary>
    public ReadOnlyMemory<byte> Token { get; set; }

    /// <summary>The resume token of an earlier session; empty for none. A server that cannot resume it opens a new session.</summary>
    public ReadOnlyMemory<byte> ResumeToken { get; set; }

    /// <summary>What a WebSocket's opening request says about where the client comes from, for servers that ask; null says nothing, as programs do.</summary>
    public string? Origin { get; set; }

    /// <summary>Hash of the client's contracts; 0 for not known.</summary>
    public ulong ContractFingerprint { get; set; }

    /// <summary>Attached to the session before its first message is handled.</summary>
    public object? UserData { get; set; }

    /// <summary>Puts something between the session and its handlers; null for nothing.</summary>
    internal Func<HandlerTable, IDispatcher>? Dispatcher { get; set; }

    internal override void Validate()
    {
        base.Validate();
        if (Origin is not null)
        {
            Require(WebSocketOptions.IsOrigin(Origin), nameof(Origin), Origin, "an origin such as https://example.org");
        }
    }
}
