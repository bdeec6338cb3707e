using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace NetLoop.Diagnostics;

/// <summary>Checks conditions that must hold whatever a peer or the operating system does. A broken one is a bug in the engine.</summary>
/// <remarks>Thread: any. Checked in release builds too: continuing with broken state costs more than one comparison.</remarks>
internal static class Invariant
{
    /// <summary>Throws <see cref="InvariantViolationException"/> if the condition is false.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Holds([DoesNotReturnIf(false)] bool condition, [CallerArgumentExpression(nameof(condition))] string? fact = null)
    {
        if (!condition)
        {
            Fail(fact);
        }
    }

    /// <summary>Reports a broken invariant that cannot be written as one expression.</summary>
    [DoesNotReturn]
    [StackTraceHidden]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Fail(string? fact) => throw new InvariantViolationException($"Broken invariant: {fact}");
}
