namespace NetLoop;

/// <summary>The HTTP header in which a trusted proxy names the address of its client.</summary>
public enum ForwardedHeader
{
    /// <summary>None: sessions have the address of the proxy.</summary>
    None = 0,

    /// <summary>X-Forwarded-For, which nginx, HAProxy, Caddy, Envoy and cloud load balancers write.</summary>
    XForwardedFor = 1,

    /// <summary>Forwarded (RFC 7239).</summary>
    Forwarded = 2,
}
