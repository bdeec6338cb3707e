using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using NetLoop.Generators.Model;

namespace NetLoop.Generators.Parsing;

/// <summary>Finds the formatter of a type, composed of the formatters of its parts.</summary>
/// <param name="scope">The contract whose members are parsed: its type parameters have formatters too.</param>
internal sealed class TypeParser(ParseScope scope)
{
    public static readonly SymbolDisplayFormat FullyQualified = SymbolDisplayFormat.FullyQualifiedFormat
        .AddMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    private const int ItemsWithRest = 8;
    private const string KeyAdvice =
        "as the key of a dictionary or the element of a set use an integer, an enum, a string, a Guid or a time";

    private static readonly SymbolDisplayFormat Definition = FullyQualified.WithGenericsOptions(SymbolDisplayGenericsOptions.None);

    /// <summary>Describes a type.</summary>
    /// <param name="type">The type in the member's declaration, with its nullability.</param>
    /// <param name="problem">If there is no model: the type that has no form, and what to use instead.</param>
    public TypeModel? Parse(ITypeSymbol type, out (string Type, string Advice) problem)
    {
        problem = default;
        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable)
        {
            return Nullable("Nullable", Parse(nullable.TypeArguments[0], out problem));
        }

        if (type is ITypeParameterSymbol { IsReferenceType: false, IsValueType: false, NullableAnnotation: NullableAnnotation.Annotated } parameter)
        {
            TypeModel? inner = Parse(type.WithNullableAnnotation(NullableAnnotation.NotAnnotated), out problem);
            return Nullable("NullableParameter", inner) is { } model ? model with { Wire = WireTemplate.NullableWire(parameter.Ordinal) } : null;
        }

        if (type.IsReferenceType && type.NullableAnnotation != NullableAnnotation.NotAnnotated)
        {
            // Code without nullable annotations cannot rule out null for a reference.
            return Nullable("NullableReference", Parse(type.WithNullableAnnotation(NullableAnnotation.NotAnnotated), out problem));
        }

        return ParseNotNull(type, out problem);
    }

    private static TypeModel? Nullable(string formatter, TypeModel? inner) => inner is null
        ? null
        : new(inner.Name + "?", $"{KnownTypes.Formatters}{formatter}<{inner.Name}, {inner.Formatter}>", inner.Wire + "?");

    private TypeModel? ParseNotNull(ITypeSymbol type, out (string Type, string Advice) problem)
    {
        problem = default;
        string name = type.ToDisplayString(FullyQualified);
        if (KnownTypes.FindSimple(type) is { } simple)
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

        scope.Dependencies.Add(type);
        scope.UsesObsolete |= KnownNames.IsObsoleteWithError(type);
        return type switch
        {
            INamedTypeSymbol { TypeKind: TypeKind.Enum } formatted when KnownNames.HasFormatter(formatted) => Reject(type, out problem),
            INamedTypeSymbol { TypeKind: TypeKind.Enum, EnumUnderlyingType: { } underlying } => ParseEnum(name, underlying, out problem),
            IArrayTypeSymbol { IsSZArray: true } array => ParseSequence("*[]", "Array", array.ElementType, isSet: false, out problem),
            ITypeParameterSymbol parameter when IsOwn(parameter) => ParseParameter(name, parameter),
            INamedTypeSymbol named when ContractTypes.IsContract(named) => ParseContract(name, named, out problem),
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
        SymbolEqualityComparer.Default.Equals(parameter.DeclaringType, scope.Contract.OriginalDefinition);

    private TypeModel ParseParameter(string name, ITypeParameterSymbol parameter) =>
        new(name, scope.TypeParameters[parameter.Ordinal].Formatter, WireTemplate.Wire(parameter.Ordinal))
        {
            IsNonNullReference = !parameter.IsValueType,
            // Only the code that closes the contract knows the type argument, and whether its default would contain a null.
            MissingValue = parameter.HasUnmanagedTypeConstraint ? "default" : null,
        };

    // A generic contract has a formatter composed of those of its type arguments; any other contract is its own formatter.
    private TypeModel? ParseContract(string name, INamedTypeSymbol type, out (string Type, string Advice) problem)
    {
        if (ContractTypes.Unusable(type, scope.Contract.ContainingAssembly) is { } advice)
        {
            problem = (type.ToDisplayString(), advice);
            return null;
        }

        if (ParseAll(type.TypeArguments, out problem) is not { } arguments)
        {
            return null;
        }

        scope.HoldsUnimplementable |= !ContractTypes.IsImplemented(type, scope.Contract.ContainingAssembly);
        string formatter = $"{KnownTypes.Formatters}Contract<{name}>";
        if (ContractTypes.HasNestedFormatter(type))
        {
            // Composed like the formatter, for the same reason as in a sequence.
            if (type.ContainingType is null or { IsGenericType: false })
            {
                name = $"{type.ToDisplayString(Definition)}<{string.Join(", ", arguments.Select(argument => argument.Name))}>";
            }

            formatter = $"{name}.{LocalNames.NestedFormatter}<{string.Join(", ", arguments.Select(argument => argument.Formatter))}>";
        }

        string wire = ContractNames.Display(type, scope.Contract);
        scope.Reached.Add(new(ContractNames.Key(type), wire, new([.. type.TypeArguments.Zip(arguments, Argument)])));
        return new(name, formatter, wire)
        {
            IsNonNullReference = type.IsReferenceType,
            MissingValue = NullHolder.HoldsNull(type, scope.Dependencies) ? null : "default",
        };
    }

    private WireArgument Argument(ITypeSymbol type, TypeModel model) => new(
        ContractNames.Display(type, scope.Contract),
        model.Wire,
        type switch
        {
            ITypeParameterSymbol { IsReferenceType: false, IsValueType: false } parameter => WireTemplate.NullableWire(parameter.Ordinal),
            { IsValueType: true } => model.Wire,
            _ => model.Wire.TrimEnd('?') + "?",
        });

    private TypeModel? ParseGeneric(INamedTypeSymbol type, out (string Type, string Advice) problem)
    {
        if (type.IsTupleType || type.Is("System", "Tuple"))
        {
            return ParseTuple(type, out problem);
        }

        string definition = type.ToDisplayString(Definition);
        if (KnownTypes.FindSequence(type) is { } sequence)
        {
            return ParseSequence($"{definition}<*>", sequence.Formatter, type.TypeArguments[0], sequence.IsSet, out problem);
        }

        return KnownTypes.FindPairs(type) is { } pairs
            ? ParsePairs(type, definition, pairs.Formatter, pairs.IsMap, out problem)
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

    // The name is composed like the formatter: in code without nullable annotations, elements may be null although their types do not say so.
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

    // Tuples of more than seven items nest, on the wire too: the eighth item is a tuple with the remaining items.
    private TypeModel? ParseTuple(INamedTypeSymbol type, out (string Type, string Advice) problem)
    {
        if (ParseAll(type.TypeArguments, out problem) is not { } items)
        {
            return null;
        }

        if (items.Count == ItemsWithRest && type.TypeArguments[ItemsWithRest - 1] is not INamedTypeSymbol { Name: "Tuple" or "ValueTuple" })
        {
            problem = (type.ToDisplayString(), "the eighth item of a tuple must be a tuple of the rest");
            return null;
        }

        string names = string.Join(", ", items.Select(item => item.Name));
        string formatters = string.Join(", ", items.Select(item => item.Formatter));
        string wire = $"tuple<{string.Join(", ", items.Select(item => item.Wire))}>";
        string name = type.IsTupleType && items.Count is > 1 and < ItemsWithRest ? $"({names})" : $"global::System.{type.Name}<{names}>";
        return new(name, $"{KnownTypes.Formatters}{type.Name}<{names}, {formatters}>", wire)
        {
            IsNonNullReference = type.IsReferenceType,
            MissingValue = type.IsReferenceType ? null : MissingParts(name[0] == '(' ? "" : $"new {name}", items),
        };
    }

    // A default tuple would contain nulls where its items are never null.
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
        // A key is never null, even in code without nullable annotations.
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
        problem = (type.ToDisplayString(), TypeAdvice.For(type));
        return null;
    }
}
