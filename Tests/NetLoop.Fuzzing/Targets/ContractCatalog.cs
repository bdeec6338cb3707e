using System.Reflection;

namespace NetLoop.Fuzzing.Targets;

/// <summary>Finds the contracts of assemblies.</summary>
internal static class ContractCatalog
{
    /// <summary>All types that implement INetContract of themselves, in ordinal order. The type arguments of generic ones are int.</summary>
    /// <remarks>
    /// Leaves out types with a codec of their own: reflection does not know their form, and <see cref="SerializerTarget"/> has
    /// their kind.
    /// </remarks>
    public static IReadOnlyList<Type> Find(params IEnumerable<Assembly> assemblies) =>
    [
        .. assemblies.SelectMany(assembly => assembly.GetTypes())
            .Select(type => type.IsGenericTypeDefinition ? Close(type) : type)
            .OfType<Type>()
            .Where(type => IsContract(type) && !IsCoded(type))
            .OrderBy(type => type.ToString(), StringComparer.Ordinal),
    ];

    private static bool IsContract(Type type) =>
        type.GetInterfaces().Prepend(type).Any(implemented => implemented.IsGenericType
            && implemented.GetGenericTypeDefinition() == typeof(INetContract<>)
            && implemented.GenericTypeArguments[0] == type);

    private static bool IsCoded(Type type) =>
        type.GetCustomAttribute<NetMessageAttribute>()?.Codec is not null || type.GetCustomAttribute<NetContractAttribute>()?.Codec is not null;

    private static Type? Close(Type definition)
    {
        // A generic contract has no code of its own; it is read where other contracts use it.
        bool isInside = definition.DeclaringType is { IsGenericTypeDefinition: true } outer
            && outer.GetGenericArguments().Length == definition.GetGenericArguments().Length;
        return isInside && definition.GetGenericArguments().All(argument => argument.GetGenericParameterConstraints().Length == 0)
            ? definition.MakeGenericType([.. definition.GetGenericArguments().Select(_ => typeof(int))])
            : null;
    }
}
