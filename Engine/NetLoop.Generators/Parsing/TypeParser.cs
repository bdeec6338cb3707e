using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using NetLoop.Generators.Model;

namespace NetLoop.Generators.Parsing;

/// <summary>Finds the formatter of a type, composed of those of its parts.</summary>
/// <param name="contract">Whose members are parsed: its own type parameters have a formatter too.</param>
internal sealed class TypeParser(INamedTypeSymbol contract)
{
    public static readonly SymbolDisplayFormat FullyQualified = SymbolDisplayFormat.FullyQualifiedFormat
        .AddMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    private const int MaxTupleItems = 7;
    private const string KeyAdvice =
        "as the key of a dictionary or the element of a set use an integer, an enum, a string, a Guid or a time";

    /// <summary>Describes a type.</summary>
    /// <param name="type">As the member declares it, with its nullability.</param>
    /// <param name="problem">When there is no description: the type that has none, and what to use instead.</param>
    public TypeModel? Parse(ITypeSymbol type, out (string Type, string Advice) problem)
    {
        problem = default;
        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable)
        {
            return Nullable("Nullable", Parse(nullable.TypeArguments[0], out problem));
        }
        if (type is ITypeParameterSymbol { IsReferenceType: false, IsValueType: false, NullableAnnotation: NullableAnnotation.Annotated })
        {
            return Nullable("NullableParameter", Parse(type.WithNullableAnnotation(NullableAnnotation.NotAnnotated), out problem));
        }
        if (type.IsReferenceType && type.NullableAnnotation != NullableAnnotation.NotAnnotated)
        {
            // Code without nullable annotations cannot say that a reference is never null, so it may be.
            return Nullable("NullableReference", Parse(type.WithNullableAnnotation(NullableAnnotation.NotAnnotated), out problem));
        }
        return ParseNotNull(type, out problem);
    }

    /// <summary>Whether a type's MessagePack form is generated.</summary>
    public static bool IsContract(INamedTypeSymbol type) =>
        KnownNames.ContractAttribute(type) is not null
        || type.AllInterfaces.Any(implemented => implemented.OriginalDefinition.ToDisplayString() == KnownNames.Contract
            && SymbolEqualityComparer.Default.Equals(implemented.TypeArguments[0], type));

    private static TypeModel? Nullable(string formatter, TypeModel? inner) => inner is null
        ? null
        : new(inner.Name + "?", $"{KnownTypes.Formatters}{formatter}<{inner.Name}, {inner.Formatter}>", inner.Wire + "?");

    private TypeModel? ParseNotNull(ITypeSymbol type, out (string Type, string Advice) problem)
    {
        problem = default;
        string name = type.ToDisplayString(FullyQualified);
        if (KnownTypes.Simple.TryGetValue(type.ToDisplayString(), out var simple))
        {
            return new(name, KnownTypes.Formatters + simple.Formatter, simple.Wire)
            {
                FixedBytes = simple.FixedBytes,
                IsDirect = simple.IsDirect,
                IsKey = simple.IsKey,
                IsNonNullReference = type.IsReferenceType,
                MissingValue = KnownTypes.EmptyValue(type),
            };
        }
        return type switch
        {
            INamedTypeSymbol { TypeKind: TypeKind.Enum, EnumUnderlyingType: { } underlying } => ParseEnum(name, underlying, out problem),
            IArrayTypeSymbol { IsSZArray: true } array => ParseSequence("*[]", "Array", array.ElementType, isSet: false, out problem),
            ITypeParameterSymbol parameter when IsOwn(parameter) => ParseParameter(name, parameter),
            INamedTypeSymbol named when IsContract(named) => ParseContract(name, named, out problem),
            INamedTypeSymbol { IsGenericType: true } generic => ParseGeneric(generic, out problem),
            _ => Reject(type, out problem),
        };
    }

    private TypeModel? ParseEnum(string name, INamedTypeSymbol underlying, out (string Type, string Advice) problem) =>
        Parse(underlying, out problem) is { } integer
            ? new(name, $"{KnownTypes.Formatters}Enum<{name}, {integer.Name}, {integer.Formatter}>", integer.Wire)
            {
                FixedBytes = integer.FixedBytes,
                FixedCast = integer.Name,
                IsKey = true,
            }
            : null;

    private bool IsOwn(ITypeParameterSymbol parameter) =>
        SymbolEqualityComparer.Default.Equals(parameter.DeclaringType, contract.OriginalDefinition);

    private static TypeModel ParseParameter(string name, ITypeParameterSymbol parameter) =>
        new(name, parameter.Name + LocalNames.Formatter, name)
        {
            IsNonNullReference = !parameter.IsValueType,
            // Only the code that closes the contract knows what the parameter is, and whether its default would hold a null.
            MissingValue = parameter.HasUnmanagedTypeConstraint ? "default" : null,
        };

    // A generic contract has a formatter that is made of those of its type arguments; another is its own.
    private TypeModel? ParseContract(string name, INamedTypeSymbol type, out (string Type, string Advice) problem)
    {
        problem = default;
        string formatter = $"{KnownTypes.Formatters}Contract<{name}>";
        if (type.Arity > 0)
        {
            if (ParseAll(type.TypeArguments, out problem) is not { } arguments)
            {
                return null;
            }
            // Composed like the formatter, for the same reason as in a sequence.
            if (type.ContainingType is null or { IsGenericType: false })
            {
                string definition = type.ConstructedFrom.ToDisplayString(KnownTypes.Definition);
                name = $"global::{definition}<{string.Join(", ", arguments.Select(argument => argument.Name))}>";
            }
            formatter = $"{name}.{LocalNames.NestedFormatter}<{string.Join(", ", arguments.Select(argument => argument.Formatter))}>";
        }
        return new(name, formatter, type.ToDisplayString())
        {
            IsNonNullReference = type.IsReferenceType,
            MissingValue = HoldsNull(type) ? null : "default",
        };
    }

    private TypeModel? ParseGeneric(INamedTypeSymbol type, out (string Type, string Advice) problem)
    {
        if (type.IsTupleType || type.OriginalDefinition.ToDisplayString().StartsWith("System.Tuple<", StringComparison.Ordinal))
        {
            return ParseTuple(type, out problem);
        }
        string definition = type.ConstructedFrom.ToDisplayString(KnownTypes.Definition);
        if (KnownTypes.Sequences.TryGetValue(definition, out var sequence))
        {
            return ParseSequence($"global::{definition}<*>", sequence.Formatter, type.TypeArguments[0], sequence.IsSet, out problem);
        }
        return KnownTypes.Pairs.TryGetValue(definition, out var pairs)
            ? ParsePairs(type, $"global::{definition}", pairs.Formatter, pairs.IsMap, out problem)
            : Reject(type, out problem);
    }

    private TypeModel? ParsePairs(
        INamedTypeSymbol type, string definition, string formatter, bool isMap, out (string Type, string Advice) problem)
    {
        TypeModel? key = isMap ? ParseKey(type.TypeArguments[0], out problem) : Parse(type.TypeArguments[0], out problem);
        if (key is null || Parse(type.TypeArguments[1], out problem) is not { } value)
        {
            return null;
        }
        string name = $"{definition}<{key.Name}, {value.Name}>";
        return new(
            name,
            $"{KnownTypes.Formatters}{formatter}<{key.Name}, {value.Name}, {key.Formatter}, {value.Formatter}>",
            isMap ? $"map<{key.Wire}, {value.Wire}>" : $"tuple<{key.Wire}, {value.Wire}>")
        {
            IsNonNullReference = isMap,
            MissingValue = isMap ? KnownTypes.EmptyCollection(formatter, $"{key.Name}, {value.Name}") : MissingParts($"new {name}", [key, value]),
        };
    }

    // The name is composed like the formatter: in code without nullable annotations, elements may be null although they do not say so.
    private TypeModel? ParseSequence(
        string nameOfElement, string formatter, ITypeSymbol elementType, bool isSet, out (string Type, string Advice) problem)
    {
        TypeModel? element = isSet ? ParseKey(elementType, out problem) : Parse(elementType, out problem);
        if (element is null)
        {
            return null;
        }
        return new(
            nameOfElement.Replace("*", element.Name),
            $"{KnownTypes.Formatters}{formatter}<{element.Name}, {element.Formatter}>",
            $"array<{element.Wire}>")
        {
            IsNonNullReference = formatter != KnownTypes.ImmutableArray,
            IsReusable = formatter is "Array" or "List",
            MissingValue = KnownTypes.EmptyCollection(formatter, element.Name),
        };
    }

    private TypeModel? ParseTuple(INamedTypeSymbol type, out (string Type, string Advice) problem)
    {
        // More than seven items nest: the eighth is a tuple of the rest.
        IEnumerable<ITypeSymbol> itemTypes = type.IsTupleType ? type.TupleElements.Select(element => element.Type) : type.TypeArguments;
        if (itemTypes.Count() > MaxTupleItems)
        {
            problem = (type.ToDisplayString(), $"a tuple may have {MaxTupleItems} items; use a [NetContract] type");
            return null;
        }
        if (ParseAll(itemTypes, out problem) is not { } items)
        {
            return null;
        }
        string names = string.Join(", ", items.Select(item => item.Name));
        string formatters = string.Join(", ", items.Select(item => item.Formatter));
        string wire = $"tuple<{string.Join(", ", items.Select(item => item.Wire))}>";
        return type.IsTupleType
            ? new($"({names})", $"{KnownTypes.Formatters}ValueTuple<{names}, {formatters}>", wire) { MissingValue = MissingParts("", items) }
            : new($"global::System.Tuple<{names}>", $"{KnownTypes.Formatters}Tuple<{names}, {formatters}>", wire)
            {
                IsNonNullReference = true,
                MissingValue = null,
            };
    }

    // A default tuple would hold nulls where its parts are never null.
    private static string? MissingParts(string creation, IReadOnlyList<TypeModel> parts)
    {
        if (parts.All(part => part.MissingValue == "default"))
        {
            return "default";
        }
        return parts.All(part => part.MissingValue is not null)
            ? $"{creation}({string.Join(", ", parts.Select(part => part.MissingValue))})"
            : null;
    }

    // Whether the default of a type is or has a null that the type rules out. Nobody but its own constructor can make such a struct whole.
    private static bool HoldsNull(ITypeSymbol type) => type switch
    {
        { NullableAnnotation: not NullableAnnotation.NotAnnotated, IsValueType: false } => false,
        { IsReferenceType: true } => true,
        ITypeParameterSymbol parameter => !parameter.HasUnmanagedTypeConstraint,
        INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } => false,
        INamedTypeSymbol { IsTupleType: true } tuple => tuple.TupleElements.Any(element => HoldsNull(element.Type)),
        INamedTypeSymbol named when KnownTypes.IsUnusableByDefault(named) => true,
        INamedTypeSymbol named when KnownTypes.Pairs.ContainsKey(named.ConstructedFrom.ToDisplayString(KnownTypes.Definition)) =>
            named.TypeArguments.Any(HoldsNull),
        INamedTypeSymbol named when CodecParser.Of(named) is not null => false,
        INamedTypeSymbol named when IsContract(named) =>
            named.GetMembers().OfType<IFieldSymbol>().Any(field => !field.IsStatic && HoldsNull(field.Type)),
        _ => false,
    };

    private List<TypeModel>? ParseAll(IEnumerable<ITypeSymbol> types, out (string Type, string Advice) problem)
    {
        problem = default;
        List<TypeModel> models = [];
        foreach (ITypeSymbol type in types)
        {
            if (Parse(type, out problem) is not { } model)
            {
                return null;
            }
            models.Add(model);
        }
        return models;
    }

    private TypeModel? ParseKey(ITypeSymbol type, out (string Type, string Advice) problem)
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

    private static TypeModel? Reject(ITypeSymbol type, out (string Type, string Advice) problem)
    {
        string advice = type switch
        {
            IArrayTypeSymbol => "use an array of arrays",
            ITypeParameterSymbol => "use a concrete type, or a type parameter of the contract itself",
            { SpecialType: SpecialType.System_Object } or { TypeKind: TypeKind.Dynamic } =>
                "use a [NetContract] type that names what is sent",
            { SpecialType: SpecialType.System_IntPtr or SpecialType.System_UIntPtr } =>
                "use long or ulong, which have the same size everywhere",
            { TypeKind: TypeKind.Pointer or TypeKind.FunctionPointer or TypeKind.Delegate } => "only data can be sent",
            _ when KnownNames.IsForeignContract(type) => $"declare '{type.Name}' partial",
            { IsAbstract: true } when !IsOfTheSystem(type) =>
                $"list what '{type.Name}' can be with [Union(0, typeof(...))] on it, or put [IgnoreMember] on the member",
            INamedTypeSymbol { IsGenericType: true } when IsOfTheSystem(type) => "use an array, List<T>, HashSet<T> or Dictionary<TKey, TValue>",
            _ when IsOfTheSystem(type) => $"copy what is sent of '{type.Name}' into a [NetContract] type, or put [IgnoreMember] on the member",
            _ => $"mark '{type.Name}' as [NetContract], or put [IgnoreMember] on the member",
        };
        problem = (type.ToDisplayString(), advice);
        return null;
    }

    private static bool IsOfTheSystem(ITypeSymbol type) =>
        type.ContainingNamespace?.ToDisplayString() is { } name && (name == "System" || name.StartsWith("System.", StringComparison.Ordinal));
}
