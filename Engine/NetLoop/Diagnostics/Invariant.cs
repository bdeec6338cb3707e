using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace NetLoop.Diagnostics;

/// <summary>Facts that must hold whatever a peer or the operating system does; a broken one is a bug of this engine.</summary>
/// <remarks>Thread: any. On in release builds: continuing with broken state costs more than the one compare.</remarks>
internal static class Invariant
{
    /// <summary>Throws <see cref="InvariantViolationException"/> when the condition is false.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Holds([DoesNotReturnIf(false)] bool condition, [CallerArgumentExpression(nameof(condition))] string? fact = null)
    {
        if (!condition)
        {
            Fail(fact);
        }
    }

    /// <summary>Reports a broken invariant that no single expression states.</summary>
    [DoesNotReturn]
    [StackTraceHidden]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Fail(string? fact) => throw new InvariantViolationException($"Broken invariant: {fact}");
}
