using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NetLoop.Stack.Linux;

/// <summary><c>struct epoll_event</c> in an array of bytes: a 32-bit number and a 64-bit number, packed on x86-64 only.</summary>
/// <remarks>
/// The layout is known at startup, so the JIT compiler treats these read-only fields as constants. Source: linux/eventpoll.h.
/// </remarks>
internal static unsafe class EpollEvent
{
    private static readonly int DataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;

    /// <summary>Bytes of one event: 12 on x86-64, 16 elsewhere.</summary>
    public static readonly int Size = DataOffset + sizeof(ulong);

    /// <summary>Bytes of one event on any architecture.</summary>
    public const int MaxSize = 16;

    public static void Write(byte* target, uint bits, ulong data)
    {
        Unsafe.WriteUnaligned(target, bits);
        Unsafe.WriteUnaligned(target + DataOffset, data);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Bits(byte* source) => Unsafe.ReadUnaligned<uint>(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Data(byte* source) => Unsafe.ReadUnaligned<ulong>(source + DataOffset);
}
