namespace NetLoop;

/// <summary>The result of a framer for the start of the received bytes.</summary>
public enum FrameStatus
{
    /// <summary>A whole frame.</summary>
    Complete,

    /// <summary>The beginning of a frame; more bytes are needed.</summary>
    Incomplete,

    /// <summary>A frame above the limit. Final: nothing after it is read.</summary>
    TooLarge,

    /// <summary>Not a valid frame. Final: nothing after it is read.</summary>
    Malformed,
}
