using Microsoft.Extensions.Configuration;
using static NetLoop.OptionValue;

namespace NetLoop;

/// <summary>Sets the options of a server from a section of the configuration.</summary>
internal static class ServerConfiguration
{
    private const string EndpointKey = "Endpoint";

    /// <summary>The additional keys of a WebSocket listener.</summary>
    public static readonly OptionKeys<WebSocketOptions> WebSocket = new OptionKeys<WebSocketOptions>()
        .AddSection(nameof(WebSocketOptions.AllowedHosts), (o, section) => AddItems(section, o.AllowedHosts))
        .Add(nameof(WebSocketOptions.AllowMissingOrigin), Boolean, (o, value) => o.AllowMissingOrigin = value)
        .AddSection(nameof(WebSocketOptions.AllowedOrigins), (o, section) => AddItems(section, o.AllowedOrigins))
        .Add(nameof(WebSocketOptions.ForwardedHeader), Word<ForwardedHeader>, (o, value) => o.ForwardedHeader = value)
        .Add(nameof(WebSocketOptions.HealthPath), Text, (o, value) => o.HealthPath = value)
        .Add(nameof(WebSocketOptions.MaxFragments), Int32, (o, value) => o.MaxFragments = value)
        .Add(nameof(WebSocketOptions.RequireSubprotocol), Boolean, (o, value) => o.RequireSubprotocol = value)
        .AddSection(nameof(WebSocketOptions.Subprotocols), (o, section) => AddItems(section, o.Subprotocols))
        .Add(nameof(WebSocketOptions.UpgradeTimeout), Duration, (o, value) => o.UpgradeTimeout = value);

    /// <summary>A certificate for one host name.</summary>
    public static readonly OptionKeys<TlsCertificateOptions> Certificate = new OptionKeys<TlsCertificateOptions>()
        .Add(nameof(TlsCertificateOptions.CertificateFile), Text, (o, value) => o.CertificateFile = value)
        .Add(nameof(TlsCertificateOptions.KeyFile), Text, (o, value) => o.KeyFile = value);

    /// <summary>What a listener with TLS may be configured with besides.</summary>
    public static readonly OptionKeys<TlsServerOptions> Tls = new OptionKeys<TlsServerOptions>()
        .AddSection(nameof(TlsServerOptions.ApplicationProtocols), (o, section) => AddItems(section, o.ApplicationProtocols))
        .Add(nameof(TlsServerOptions.CertificateFile), Text, (o, value) => o.CertificateFile = value)
        .Add(nameof(TlsServerOptions.ClientCertificateRootsFile), Text, (o, value) => o.ClientCertificateRootsFile = value)
        .Add(nameof(TlsServerOptions.ClientCertificates), Word<TlsClientCertificates>, (o, value) => o.ClientCertificates = value)
        .AddSection(nameof(TlsServerOptions.Hosts), ReadHosts)
        .Add(nameof(TlsServerOptions.KeyFile), Text, (o, value) => o.KeyFile = value)
        .Add(nameof(TlsServerOptions.ReloadInterval), Duration, (o, value) => o.ReloadInterval = value);

    /// <summary>The keys of rate limits.</summary>
    public static readonly OptionKeys<RateLimitOptions> RateLimit = new OptionKeys<RateLimitOptions>()
        .Add(nameof(RateLimitOptions.ByteBurst), Double, (o, value) => o.ByteBurst = value)
        .Add(nameof(RateLimitOptions.BytesPerSecond), Double, (o, value) => o.BytesPerSecond = value)
        .Add(nameof(RateLimitOptions.HandlerTimePerSecond), Duration, (o, value) => o.HandlerTimePerSecond = value)
        .Add(nameof(RateLimitOptions.MessageBurst), Double, (o, value) => o.MessageBurst = value)
        .Add(nameof(RateLimitOptions.MessagesPerSecond), Double, (o, value) => o.MessagesPerSecond = value);

    /// <summary>The keys of decode limits, which are immutable and therefore collected first.</summary>
    public static readonly OptionKeys<Dictionary<string, int>> DecodeLimit = new OptionKeys<Dictionary<string, int>>()
        .Add(nameof(DecodeLimits.MaxBinaryBytes), Int32, (o, value) => o[nameof(DecodeLimits.MaxBinaryBytes)] = value)
        .Add(nameof(DecodeLimits.MaxDecodedBytesPerByte), Int32, (o, value) => o[nameof(DecodeLimits.MaxDecodedBytesPerByte)] = value)
        .Add(nameof(DecodeLimits.MaxDepth), Int32, (o, value) => o[nameof(DecodeLimits.MaxDepth)] = value)
        .Add(nameof(DecodeLimits.MaxItems), Int32, (o, value) => o[nameof(DecodeLimits.MaxItems)] = value)
        .Add(nameof(DecodeLimits.MaxStringBytes), Int32, (o, value) => o[nameof(DecodeLimits.MaxStringBytes)] = value)
        .Add(nameof(DecodeLimits.MinDecodedBytes), Int32, (o, value) => o[nameof(DecodeLimits.MinDecodedBytes)] = value);

    /// <summary>The keys of a listener.</summary>
    public static readonly OptionKeys<ListenOptions> Listener = new OptionKeys<ListenOptions>()
        .AddSection(EndpointKey, (_, _) => { }) // Read first, to create the listener.
        .Add(nameof(ListenOptions.AcceptTraceContext), Boolean, (o, value) => o.AcceptTraceContext = value)
        .Add(nameof(ListenOptions.Backlog), Int32, (o, value) => o.Backlog = value)
        .Add(nameof(ListenOptions.CloseTimeout), Duration, (o, value) => o.CloseTimeout = value)
        .AddSection(nameof(ListenOptions.DecodeLimits), (o, section) => o.DecodeLimits = ReadDecodeLimits(section))
        .Add(nameof(ListenOptions.HandshakeTimeout), Duration, (o, value) => o.HandshakeTimeout = value)
        .Add(nameof(ListenOptions.Hello), Word<HelloMode>, (o, value) => o.Hello = value)
        .Add(nameof(ListenOptions.IdleTimeout), Duration, (o, value) => o.IdleTimeout = value)
        .Add(nameof(ListenOptions.MaxBodyBytes), Int32, (o, value) => o.MaxBodyBytes = value)
        .Add(nameof(ListenOptions.MaxConnectionsPerAddress), Int32, (o, value) => o.MaxConnectionsPerAddress = value)
        .Add(nameof(ListenOptions.MaxNewConnectionsPerAddress), Double, (o, value) => o.MaxNewConnectionsPerAddress = value)
        .Add(nameof(ListenOptions.MaxPendingHandlerBytes), Int32, (o, value) => o.MaxPendingHandlerBytes = value)
        .Add(nameof(ListenOptions.MaxPendingHandlers), Int32, (o, value) => o.MaxPendingHandlers = value)
        .Add(nameof(ListenOptions.MaxPendingRequests), Int32, (o, value) => o.MaxPendingRequests = value)
        .Add(nameof(ListenOptions.MaxSendBacklogBytes), Int32, (o, value) => o.MaxSendBacklogBytes = value)
        .Add(nameof(ListenOptions.MaxSendBacklogTime), Duration, (o, value) => o.MaxSendBacklogTime = value)
        .Add(nameof(ListenOptions.MaxSendQueueBytes), Int32, (o, value) => o.MaxSendQueueBytes = value)
        .Add(nameof(ListenOptions.MaxSendQueueMessages), Int32, (o, value) => o.MaxSendQueueMessages = value)
        .Add(nameof(ListenOptions.MaxSendStall), Duration, (o, value) => o.MaxSendStall = value)
        .Add(nameof(ListenOptions.PingInterval), Duration, (o, value) => o.PingInterval = value)
        .AddSection(nameof(ListenOptions.RateLimit), (o, section) => RateLimit.Read(section, o.RateLimit ??= new RateLimitOptions()))
        .Add(nameof(ListenOptions.ReceiveBufferBytes), Int32, (o, value) => o.ReceiveBufferBytes = value)
        .Add(nameof(ListenOptions.RequestTimeout), Duration, (o, value) => o.RequestTimeout = value)
        .Add(nameof(ListenOptions.SendBufferBytes), Int32, (o, value) => o.SendBufferBytes = value)
        .Add(nameof(ListenOptions.SendTraceContext), Boolean, (o, value) => o.SendTraceContext = value)
        .AddSection(nameof(ListenOptions.Tls), (o, section) => Tls.Read(section, o.Tls ??= new TlsServerOptions()))
        .AddSection(nameof(ListenOptions.TrustedProxies), (o, section) => AddItems(section, o.TrustedProxies))
        .Add(nameof(ListenOptions.UsesProxyProtocol), Boolean, (o, value) => o.UsesProxyProtocol = value)
        .Add(nameof(ListenOptions.UserTimeout), Duration, (o, value) => o.UserTimeout = value)
        .AddSection(nameof(ListenOptions.WebSocket), (o, section) => WebSocket.Read(section, o.WebSocket));

    /// <summary>The keys of a server.</summary>
    public static readonly OptionKeys<NetServerOptions> Server = new OptionKeys<NetServerOptions>()
        .Add(nameof(NetServerOptions.AcceptAnyFingerprint), Boolean, (o, value) => o.AcceptAnyFingerprint = value)
        .Add(nameof(NetServerOptions.BufferDiagnostics), Boolean, (o, value) => o.BufferDiagnostics = value)
        .Add(nameof(NetServerOptions.DrainTimeout), Duration, (o, value) => o.DrainTimeout = value)
        .Add(nameof(NetServerOptions.HandlerMode), Word<HandlerMode>, (o, value) => o.HandlerMode = value)
        .Add(nameof(NetServerOptions.Loops), Int32, (o, value) => o.Loops = value)
        .Add(nameof(NetServerOptions.MaxBufferBytes), Int64, (o, value) => o.MaxBufferBytes = value)
        .Add(nameof(NetServerOptions.MaxCatchUpTicks), Int32, (o, value) => o.MaxCatchUpTicks = value)
        .Add(nameof(NetServerOptions.MaxConnections), Int32, (o, value) => o.MaxConnections = value)
        .Add(nameof(NetServerOptions.MaxInboxBytes), Int32, (o, value) => o.MaxInboxBytes = value)
        .Add(nameof(NetServerOptions.MaxInboxMessages), Int32, (o, value) => o.MaxInboxMessages = value)
        .Add(nameof(NetServerOptions.MaxOpeningBytes), Int32, (o, value) => o.MaxOpeningBytes = value)
        .Add(nameof(NetServerOptions.MaxOpeningConnections), Int32, (o, value) => o.MaxOpeningConnections = value)
        .Add(nameof(NetServerOptions.MaxQueuedCommands), Int32, (o, value) => o.MaxQueuedCommands = value)
        .Add(nameof(NetServerOptions.MinInputShare), Double, (o, value) => o.MinInputShare = value)
        .Add(nameof(NetServerOptions.Poller), Word<PollerKind>, (o, value) => o.Poller = value)
        .Add(nameof(NetServerOptions.SpinTime), Duration, (o, value) => o.SpinTime = value)
        .Add(nameof(NetServerOptions.StallWarning), Duration, (o, value) => o.StallWarning = value)
        .Add(nameof(NetServerOptions.ThreadName), Text, (o, value) => o.ThreadName = value)
        .Add(nameof(NetServerOptions.TickPrecision), Word<TickPrecision>, (o, value) => o.TickPrecision = value)
        .Add(nameof(NetServerOptions.TickRate), Int32, (o, value) => o.TickRate = value)
        .AddSection(nameof(NetServerOptions.Listeners), ReadListeners);

    /// <summary>Sets the options in a section, and checks their ranges.</summary>
    /// <exception cref="NetConfigurationException">A key is unknown, or its value is not allowed.</exception>
    public static void Read(IConfigurationSection section, NetServerOptions options)
    {
        Server.Read(section, options);
        InRange(section, options.Validate);
    }

    private static void ReadListeners(NetServerOptions options, IConfigurationSection section)
    {
        foreach (IConfigurationSection child in section.GetChildren())
        {
            IConfigurationSection endpoint = child.GetSection(EndpointKey);
            if (endpoint.Value is null)
            {
                throw new NetConfigurationException(
                    endpoint.Path,
                    $"{endpoint.Path} is missing; write tcp://0.0.0.0:7777, tls://0.0.0.0:7779, ws://0.0.0.0:7780, wss://0.0.0.0:443 or unix:///run/x.sock.");
            }

            options.Listen(Endpoint(endpoint), listener =>
            {
                listener.Name = child.Key;
                Listener.Read(child, listener);
                InRange(child, listener.Validate);
            });
        }
    }

    private static void ReadHosts(TlsServerOptions options, IConfigurationSection section)
    {
        foreach (IConfigurationSection host in section.GetChildren())
        {
            var certificate = new TlsCertificateOptions();
            Certificate.Read(host, certificate);
            options.Hosts[host.Key] = certificate;
        }
    }

    private static DecodeLimits ReadDecodeLimits(IConfigurationSection section)
    {
        var values = new Dictionary<string, int>();
        DecodeLimit.Read(section, values);
        DecodeLimits limits = null!;
        InRange(section, () => limits = new DecodeLimits
        {
            MaxBinaryBytes = ValueOf(nameof(DecodeLimits.MaxBinaryBytes), DecodeLimits.Default.MaxBinaryBytes),
            MaxDecodedBytesPerByte = ValueOf(nameof(DecodeLimits.MaxDecodedBytesPerByte), DecodeLimits.Default.MaxDecodedBytesPerByte),
            MaxDepth = ValueOf(nameof(DecodeLimits.MaxDepth), DecodeLimits.Default.MaxDepth),
            MaxItems = ValueOf(nameof(DecodeLimits.MaxItems), DecodeLimits.Default.MaxItems),
            MaxStringBytes = ValueOf(nameof(DecodeLimits.MaxStringBytes), DecodeLimits.Default.MaxStringBytes),
            MinDecodedBytes = ValueOf(nameof(DecodeLimits.MinDecodedBytes), DecodeLimits.Default.MinDecodedBytes),
        });
        return limits;

        int ValueOf(string name, int otherwise) => values.TryGetValue(name, out int value) ? value : otherwise;
    }

    private static void AddItems(IConfigurationSection section, IList<string> items)
    {
        if (section.Value is not null)
        {
            throw new NetConfigurationException(section.Path, $"{section.Path} is '{section.Value}'; allowed: a list of texts.");
        }

        foreach (IConfigurationSection item in section.GetChildren())
        {
            items.Add(Text(item));
        }
    }

    /// <summary>Runs a range check whose message names the option, and replaces the name by the key.</summary>
    private static void InRange(IConfigurationSection section, Action check)
    {
        try
        {
            check();
        }
        catch (ArgumentOutOfRangeException error)
        {
            // "WebSocket.MaxFragments is 0; allowed: ..." of section NetLoop:Listeners:0 is NetLoop:Listeners:0:WebSocket:MaxFragments.
            string text = error.Message[..error.Message.IndexOf(" (Parameter '", StringComparison.Ordinal)];
            int end = text.IndexOf(' ', StringComparison.Ordinal);
            string option = text[..end].Replace('.', ':');
            bool hasSection = option.StartsWith($"{section.Key}:", StringComparison.Ordinal);
            string key = section.Path + (hasSection ? option[section.Key.Length..] : $":{option}");
            throw new NetConfigurationException(key, $"{key}{text[end..]}", error);
        }
    }
}
