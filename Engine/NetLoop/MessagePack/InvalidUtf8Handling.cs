namespace NetLoop;

/// <summary>What happens to a string that is not UTF-8.</summary>
public enum InvalidUtf8Handling
{
    /// <summary>Reading fails with <see cref="DecodeStatus.InvalidUtf8"/>.</summary>
    Reject = 0,

    /// <summary>Each invalid sequence becomes U+FFFD.</summary>
    Replace,
}
