namespace NetLoop;

/// <summary>Where a frame lies in the received bytes.</summary>
/// <param name="BodyOffset">First byte of the body, counted from the first received byte.</param>
/// <param name="BodyBytes">Length of the body.</param>
/// <param name="FrameBytes">Length of the whole frame with its header or delimiter: where the next frame begins.</param>
public readonly record struct FrameBounds(int BodyOffset, int BodyBytes, int FrameBytes);
