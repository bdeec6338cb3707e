using System.Runtime.CompilerServices;

namespace NetLoop.Stack.Linux;

/// <summary>The flags of poll, which have the same values in epoll.</summary>
/// <remarks>Source: asm-generic/poll.h and linux/eventpoll.h.</remarks>
internal static class PollBits
{
    private const uint In = 0x01;
    private const uint Out = 0x04;
    private const uint Error = 0x08;
    private const uint HangUp = 0x10;
    private const uint Invalid = 0x20;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint From(Interest interest) =>
        ((interest & Interest.Readable) != 0 ? In : 0) | ((interest & Interest.Writable) != 0 ? Out : 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Readiness ToReadiness(uint bits)
    {
        Readiness readiness = Readiness.None;
        if ((bits & In) != 0)
        {
            readiness |= Readiness.Readable;
        }

        if ((bits & Out) != 0)
        {
            readiness |= Readiness.Writable;
        }

        if ((bits & (Error | HangUp | Invalid)) != 0)
        {
            // Readable too, because a receive returns the reason.
            readiness |= Readiness.Failed | Readiness.Readable;
        }

        return readiness;
    }
}
