using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;

// For unions in assemblies that are CLS-compliant: an interface is only when those that it extends are, whatever their members take.
#pragma warning disable CS3001, CS3014

namespace NetLoop;

/// <summary>
/// A type whose MessagePack form was written down at compile time. The source generator implements it on <see cref="NetContractAttribute"/>
/// and <see cref="NetMessageAttribute"/> types.
/// </summary>
[CLSCompliant(true)]
public interface INetContract<TSelf>
    where TSelf : INetContract<TSelf>
{
    /// <summary>
    /// Memory that an instance takes of which nothing was read, in bytes, with the objects that it is made with; an estimate unless
    /// generated.
    /// </summary>
    /// <param name="depth">For how many levels of contracts inside each other to count what they are made with.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    static virtual int EmptyBytes(int depth) => typeof(TSelf).IsValueType ? 0 : 64;

    /// <summary>Writes one MessagePack value. A value that does not fit the writer's buffer leaves the writer overflowed.</summary>
    static abstract void Write(ref NetWriter writer, in TSelf value);

    /// <summary>Reads one MessagePack value.</summary>
    /// <returns>False when the bytes do not fit the contract; <see cref="NetReader.Status"/> says why.</returns>
    static abstract bool TryRead(ref NetReader reader, [MaybeNullWhen(false)] out TSelf value);

    /// <summary>Reads one MessagePack value and uses the lists and arrays of another for it, so that nothing is allocated.</summary>
    /// <param name="reader">At the value.</param>
    /// <param name="reusable">
    /// A value that nobody needs any more; default for none. Its lists, and its arrays that happen to have the right length, are filled again and
    /// become part of <paramref name="value"/>; after a failure what they hold is not specified.
    /// </param>
    /// <param name="value">The value read.</param>
    /// <returns>As the other overload, which this one is for a contract without lists and arrays.</returns>
    static virtual bool TryRead(ref NetReader reader, in TSelf? reusable, [MaybeNullWhen(false)] out TSelf value) =>
        TSelf.TryRead(ref reader, out value);
}
