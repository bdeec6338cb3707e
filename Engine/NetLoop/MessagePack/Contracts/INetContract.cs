using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;

// For unions in CLS-compliant assemblies: an interface is CLS-compliant only if its base interfaces are, whatever types their members use.
#pragma warning disable CS3001, CS3014

namespace NetLoop;

/// <summary>
/// A type whose MessagePack form is generated at compile time. The source generator implements it for <see cref="NetContractAttribute"/>
/// and <see cref="NetMessageAttribute"/> types.
/// </summary>
[CLSCompliant(true)]
public interface INetContract<TSelf>
    where TSelf : INetContract<TSelf>
{
    /// <summary>
    /// Memory of a newly created instance, in bytes, including the objects that its constructor and initializers create; an estimate unless generated.
    /// </summary>
    /// <param name="depth">Number of levels of nested contracts to count.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    static virtual int EmptyBytes(int depth) => typeof(TSelf).IsValueType ? 0 : 64;

    /// <summary>Writes one MessagePack value. A value that does not fit the writer's buffer leaves the writer overflowed.</summary>
    static abstract void Write(ref NetWriter writer, in TSelf value);

    /// <summary>Reads one MessagePack value.</summary>
    /// <returns>False if the bytes do not fit the contract; <see cref="NetReader.Status"/> has the reason.</returns>
    static abstract bool TryRead(ref NetReader reader, [MaybeNullWhen(false)] out TSelf value);

    /// <summary>Reads one MessagePack value and reuses the lists and arrays of another value, so that nothing is allocated.</summary>
    /// <param name="reader">Positioned at the value.</param>
    /// <param name="reusable">
    /// A value that is no longer needed; default for none. Its lists, and its arrays of the right length, are filled again and become part of
    /// <paramref name="value"/>. After a failure, their contents are unspecified.
    /// </param>
    /// <param name="value">The value read.</param>
    /// <returns>The same as the other overload, which the default implementation calls.</returns>
    static virtual bool TryRead(ref NetReader reader, in TSelf? reusable, [MaybeNullWhen(false)] out TSelf value) =>
        TSelf.TryRead(ref reader, out value);
}
