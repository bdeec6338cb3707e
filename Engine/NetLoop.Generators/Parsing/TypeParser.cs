using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using NetLoop.Generators.Model;

namespace NetLoop.Generators.Parsing;

/// <summary>Finds the formatter of a type, composed of those of its parts.</summary>
internal static class TypeParser
{
    public static readonly SymbolDisplayFormat FullyQualified = SymbolDisplayFormat.FullyQualifiedFormat
        .AddMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    private const string Formatters = "global::NetLoop.NetFormatters.";
    private const string KeyAdvice =
        "as the key of a dictionary or the element of a set use an integer, an enum, a string, a Guid or a time";

    // Types whose display name says everything: largest size in a fixed layout (0: none), direct methods, may be a key.
    private static readonly Dictionary<string, (string Formatter, int FixedBytes, bool IsDirect, bool IsKey)> _simpleTypes = new()
    {
        ["bool"] = ("Boolean", 1, true, true),
        ["byte"] = ("Byte", 2, true, true),
        ["sbyte"] = ("SByte", 2, true, true),
        ["ushort"] = ("UInt16", 3, true, true),
        ["short"] = ("Int16", 3, true, true),
        ["char"] = ("Char", 3, true, true),
        ["uint"] = ("UInt32", 5, true, true),
        ["int"] = ("Int32", 5, true, true),
        ["ulong"] = ("UInt64", 9, true, true),
        ["long"] = ("Int64", 9, true, true),
        ["float"] = ("Single", 5, true, true),
        ["double"] = ("Double", 9, true, true),
        ["decimal"] = ("Decimal", 0, false, false),
        ["string"] = ("String", 0, true, true),
        ["System.DateTime"] = ("DateTime", 0, true, true),
        ["System.DateTimeOffset"] = ("DateTimeOffset", 0, true, true),
        ["System.TimeSpan"] = ("TimeSpan", 0, false, true),
        ["System.Guid"] = ("Guid", 0, false, true),
        ["System.Memory<byte>"] = ("Memory", 0, false, false),
        ["System.ReadOnlyMemory<byte>"] = ("ReadOnlyMemory", 0, false, false),
        ["System.Numerics.Vector2"] = ("Vector2", 11, false, false),
        ["System.Numerics.Vector3"] = ("Vector3", 16, false, false),
        ["System.Numerics.Vector4"] = ("Vector4", 21, false, false),
        ["System.Numerics.Quaternion"] = ("Quaternion", 21, false, false),
        ["byte[]"] = ("Binary", 0, false, false),
    };

    private static readonly Dictionary<string, string> _sequences = new()
    {
        ["System.Collections.Generic.List<T>"] = "List",
        ["System.Collections.Generic.IList<T>"] = "ListInterface",
        ["System.Collections.Generic.IReadOnlyList<T>"] = "ReadOnlyList",
        ["System.Collections.Generic.IEnumerable<T>"] = "Enumerable",
        ["System.Collections.Generic.HashSet<T>"] = "HashSet",
    };

    /// <summary>Describes a type.</summary>
    /// <param name="type">As the member declares it, with its nullability.</param>
    /// <param name="problem">When there is no description: the type that has none, and what to use instead.</param>
    public static TypeModel? Parse(ITypeSymbol type, out (string Type, string Advice) problem)
    {
        problem = default;
        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable)
        {
            return Parse(nullable.TypeArguments[0], out problem) is { } inner
                ? new(inner.Name + "?", $"{Formatters}Nullable<{inner.Name}, {inner.Formatter}>")
                : null;
        }
        if (type.IsReferenceType && type.NullableAnnotation != NullableAnnotation.NotAnnotated)
        {
            // Code without nullable annotations cannot say that a reference is never null, so it may be.
            ITypeSymbol notNull = type.WithNullableAnnotation(NullableAnnotation.NotAnnotated);
            return Parse(notNull, out problem) is { } inner
                ? new(inner.Name + "?", $"{Formatters}NullableReference<{inner.Name}, {inner.Formatter}>")
                : null;
        }
        return ParseNotNull(type, out problem);
    }

    private static TypeModel? ParseNotNull(ITypeSymbol type, out (string Type, string Advice) problem)
    {
        problem = default;
        string name = type.ToDisplayString(FullyQualified);
        if (_simpleTypes.TryGetValue(type.ToDisplayString(), out var simple))
        {
            return new(name, Formatters + simple.Formatter)
            {
                FixedBytes = simple.FixedBytes,
                IsDirect = simple.IsDirect,
                IsKey = simple.IsKey,
                IsNonNullReference = type.IsReferenceType,
                MissingValue = !type.IsReferenceType ? "default" : type.SpecialType == SpecialType.System_String ? "\"\"" : "[]",
            };
        }
        return type switch
        {
            INamedTypeSymbol { TypeKind: TypeKind.Enum, EnumUnderlyingType: { } underlying } => ParseEnum(name, underlying, out problem),
            IArrayTypeSymbol { IsSZArray: true } array => ParseSequence("*[]", "Array", array.ElementType, out problem),
            INamedTypeSymbol named when IsContract(named) => ParseContract(name, named),
            INamedTypeSymbol { IsGenericType: true } generic => ParseGeneric(generic, out problem),
            _ => Reject(type, out problem),
        };
    }

    private static TypeModel? ParseEnum(string name, INamedTypeSymbol underlying, out (string Type, string Advice) problem) =>
        Parse(underlying, out problem) is { } integer
            ? new(name, $"{Formatters}Enum<{name}, {integer.Name}, {integer.Formatter}>")
            {
                FixedBytes = integer.FixedBytes,
                FixedCast = integer.Name,
                IsKey = true,
            }
            : null;

    private static TypeModel ParseContract(string name, INamedTypeSymbol type) => new(name, $"{Formatters}Contract<{name}>")
    {
        IsNonNullReference = type.IsReferenceType,
        MissingValue = type.IsReferenceType ? null : "default",
    };

    private static TypeModel? ParseGeneric(INamedTypeSymbol type, out (string Type, string Advice) problem)
    {
        string definition = type.OriginalDefinition.ToDisplayString();
        if (_sequences.TryGetValue(definition, out string? sequence))
        {
            return ParseSequence($"global::{definition.Replace("<T>", "<*>")}", sequence, type.TypeArguments[0], out problem);
        }
        if (definition != "System.Collections.Generic.Dictionary<TKey, TValue>")
        {
            return Reject(type, out problem);
        }
        if (ParseKey(type.TypeArguments[0], out problem) is not { } key || Parse(type.TypeArguments[1], out problem) is not { } value)
        {
            return null;
        }
        return new(
            $"global::System.Collections.Generic.Dictionary<{key.Name}, {value.Name}>",
            $"{Formatters}Dictionary<{key.Name}, {value.Name}, {key.Formatter}, {value.Formatter}>")
        {
            IsNonNullReference = true,
            MissingValue = "[]",
        };
    }

    // The name is composed like the formatter: in code without nullable annotations, elements may be null although they do not say so.
    private static TypeModel? ParseSequence(
        string nameOfElement, string formatter, ITypeSymbol elementType, out (string Type, string Advice) problem)
    {
        TypeModel? element = formatter == "HashSet" ? ParseKey(elementType, out problem) : Parse(elementType, out problem);
        if (element is null)
        {
            return null;
        }
        return new(nameOfElement.Replace("*", element.Name), $"{Formatters}{formatter}<{element.Name}, {element.Formatter}>")
        {
            IsNonNullReference = true,
            MissingValue = "[]",
        };
    }

    private static TypeModel? ParseKey(ITypeSymbol type, out (string Type, string Advice) problem)
    {
        // A key is never null, even where the code has no nullable annotations to say so.
        ITypeSymbol keyType = type.NullableAnnotation == NullableAnnotation.None
            ? type.WithNullableAnnotation(NullableAnnotation.NotAnnotated)
            : type;
        if (Parse(keyType, out problem) is not { } key)
        {
            return null;
        }
        if (!key.IsKey)
        {
            problem = (type.ToDisplayString(), KeyAdvice);
            return null;
        }
        return key;
    }

    private static bool IsContract(INamedTypeSymbol type) =>
        KnownNames.Find(type, KnownNames.NetContract) is not null
        || KnownNames.Find(type, KnownNames.NetMessage) is not null
        || type.AllInterfaces.Any(implemented => implemented.OriginalDefinition.ToDisplayString() == KnownNames.Contract
            && SymbolEqualityComparer.Default.Equals(implemented.TypeArguments[0], type));

    private static TypeModel? Reject(ITypeSymbol type, out (string Type, string Advice) problem)
    {
        string advice = type switch
        {
            IArrayTypeSymbol => "use an array of arrays",
            ITypeParameterSymbol => "use a concrete type",
            { SpecialType: SpecialType.System_Object } or { TypeKind: TypeKind.Dynamic } =>
                "use a [NetContract] type that names what is sent",
            { SpecialType: SpecialType.System_IntPtr or SpecialType.System_UIntPtr } =>
                "use long or ulong, which have the same size everywhere",
            { TypeKind: TypeKind.Pointer or TypeKind.FunctionPointer or TypeKind.Delegate } => "only data can be sent",
            INamedTypeSymbol { IsGenericType: true } =>
                "use an array, List<T>, HashSet<T> or Dictionary<TKey, TValue>, or mark the type [NetContract]",
            _ => $"mark '{type.Name}' as [NetContract], or put [IgnoreMember] on the member",
        };
        problem = (type.ToDisplayString(), advice);
        return null;
    }
}
