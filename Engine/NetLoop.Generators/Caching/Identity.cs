using System.Runtime.CompilerServices;
using System.Threading;

namespace NetLoop.Generators.Caching;

/// <summary>Gives objects numbers that no other object ever has, so that a result can name what it was made of without keeping that alive.</summary>
internal sealed class Identity
{
    private static readonly ConditionalWeakTable<object, Identity> Known = new();

    private static long _last;

    private readonly long _number = Interlocked.Increment(ref _last);

    /// <summary>The number of an object: always the same for the same one.</summary>
    public static long Of(object some) => Known.GetValue(some, static _ => new Identity())._number;
}
