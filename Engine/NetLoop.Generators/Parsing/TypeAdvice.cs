using Microsoft.CodeAnalysis;

namespace NetLoop.Generators.Parsing;

/// <summary>Suggests what to use instead of a type that has no MessagePack form.</summary>
internal static class TypeAdvice
{
    private const string Codec = "write the contract with Codec = typeof(MessagePackSerializerCodec) of NetLoop.MessagePack";

    public static string For(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol => $"use an array of arrays, or {Codec}",
        ITypeParameterSymbol => "use a concrete type, or a type parameter of the contract itself",
        { SpecialType: SpecialType.System_Object } or { TypeKind: TypeKind.Dynamic } => $"use a [NetContract] type that names what is sent, or {Codec}",
        { SpecialType: SpecialType.System_IntPtr or SpecialType.System_UIntPtr } => "use long or ulong, which have the same size everywhere",
        { TypeKind: TypeKind.Pointer or TypeKind.FunctionPointer or TypeKind.Delegate } => "only data can be sent",
        _ when KnownNames.HasFormatter(type) => $"generated code does not use the [MessagePackFormatter] of '{type.Name}'; {Codec}",
        _ when KnownNames.IsOptedOut(type) => $"'{type.Name}' is marked [NotNetContract]; mark it [NetContract] instead",
        _ when KnownNames.IsForeignContract(type) => $"declare '{type.Name}' partial",
        { IsAbstract: true } when !type.IsOfTheSystem() =>
            $"list the types of '{type.Name}' with [Union(0, typeof(...))] on it, or put [IgnoreMember] on the member",
        INamedTypeSymbol { IsGenericType: true } generic when type.IsOfTheSystem() => ForGeneric(generic),
        _ when type.IsOfTheSystem() => $"copy the data of '{type.Name}' into a [NetContract] type, put [IgnoreMember] on the member, or {Codec}",
        _ => $"mark '{type.Name}' as [NetContract], or put [IgnoreMember] on the member",
    };

    private static string ForGeneric(INamedTypeSymbol type) => type.Name switch
    {
        "Task" or "ValueTask" or "Lazy" or "IAsyncEnumerable" or "IAsyncEnumerator" => "send the value itself once it is available",
        "Span" or "ReadOnlySpan" => "a span cannot leave the stack; use an array, or Memory<byte> or BorrowedBytes for bytes",
        "Memory" or "ReadOnlyMemory" or "ArraySegment" or "ReadOnlySequence" => "use an array, or Memory<byte> or BorrowedBytes for bytes",
        "Vector" => "its size differs from machine to machine; use an array",
        _ => "use an array, List<T>, HashSet<T> or Dictionary<TKey, TValue>",
    };
}
