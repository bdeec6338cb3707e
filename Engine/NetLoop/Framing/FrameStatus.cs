namespace NetLoop;

/// <summary>What a framer found at the front of the received bytes.</summary>
public enum FrameStatus
{
    /// <summary>One whole frame.</summary>
    Complete,

    /// <summary>The beginning of a frame; more bytes are needed.</summary>
    Incomplete,

    /// <summary>A frame beyond the limit. Terminal: nothing after it is read.</summary>
    TooLarge,

    /// <summary>Not a frame. Terminal: nothing after it is read.</summary>
    Malformed,
}
