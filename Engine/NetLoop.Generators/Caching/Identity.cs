using System.Runtime.CompilerServices;
using System.Threading;

namespace NetLoop.Generators.Caching;

/// <summary>Gives each object a unique number, so that a result can refer to its inputs without keeping them alive.</summary>
internal sealed class Identity
{
    private static readonly ConditionalWeakTable<object, Identity> Known = new();

    private static long _last;

    private readonly long _number = Interlocked.Increment(ref _last);

    /// <summary>The number of an object. It never changes.</summary>
    public static long Of(object some) => Known.GetValue(some, static _ => new Identity())._number;
}
