namespace NetLoop;

/// <summary>The position of a frame in the received bytes.</summary>
/// <param name="BodyOffset">First byte of the body, counted from the first received byte.</param>
/// <param name="BodyBytes">Length of the body.</param>
/// <param name="FrameBytes">Length of the whole frame, with its header or delimiter; the next frame begins there.</param>
public readonly record struct FrameBounds(int BodyOffset, int BodyBytes, int FrameBytes);
