using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace NetLoop.Tests.MessagePack;

/// <summary>Looks for nulls that the types of a value do not allow.</summary>
internal static class NullFinder
{
    private static readonly NullabilityInfoContext Nullability = new();

    /// <summary>The path of the first one; null if there is none.</summary>
    public static string? Find(object value) => FindInMembers(value, value.GetType().Name);

    private static string? FindInMembers(object value, string path)
    {
        foreach (MemberInfo member in value.GetType().GetMembers(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance).Where(HasKey))
        {
            // The argument of a type parameter is annotated where the type is closed, which reflection does not show here.
            NullabilityInfo info = member is PropertyInfo property ? Nullability.Create(property) : Nullability.Create((FieldInfo)member);
            object? found = member is PropertyInfo read ? read.GetValue(value) : ((FieldInfo)member).GetValue(value);
            if (!IsOfTypeParameter(member) && Find(found, info, $"{path}.{member.Name}") is { } place)
            {
                return place;
            }
        }

        return null;
    }

    private static string? Find(object? value, NullabilityInfo info, string path) => value switch
    {
        null => info.ReadState == NullabilityState.NotNull ? path : null,
        string => null,
        ITuple tuple => FindInItems(Enumerable.Range(0, tuple.Length).Select(index => tuple[index]), index => ItemOf(info, index), path),
        _ when IsPair(value.GetType()) => FindInPair(value, info, path),
        Array array => FindInItems(array.Cast<object?>(), _ => info.ElementType!, path),
        _ when IsDefaultArray(value) => path,
        IDictionary map => FindInItems(map.Values.Cast<object?>(), _ => info.GenericTypeArguments[^1], path),
        IEnumerable items => FindInItems(items.Cast<object?>(), _ => info.GenericTypeArguments is [{ } only] ? only : info, path),
        _ => FindInMembers(value, path),
    };

    private static string? FindInItems(IEnumerable<object?> items, Func<int, NullabilityInfo> info, string path) =>
        items.Select((item, index) => Find(item, info(index), $"{path}[{index}]")).FirstOrDefault(place => place is not null);

    // The eighth type argument is a tuple of the remaining ones.
    private static NullabilityInfo ItemOf(NullabilityInfo tuple, int index) =>
        index < 7 ? tuple.GenericTypeArguments[index] : ItemOf(tuple.GenericTypeArguments[7], index - 7);

    private static string? FindInPair(object pair, NullabilityInfo info, string path) =>
        Find(Part(pair, "Key"), info.GenericTypeArguments[0], path + ".Key") ?? Find(Part(pair, "Value"), info.GenericTypeArguments[1], path + ".Value");

    private static object? Part(object pair, string name) => pair.GetType().GetProperty(name)!.GetValue(pair);

    private static bool IsPair(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>);

    // ImmutableArray and ArraySegment: one that was never set throws when it is used.
    private static bool IsDefaultArray(object value) =>
        value.GetType().GetProperty("IsDefault") is { } isDefault ? (bool)isDefault.GetValue(value)! : value is ArraySegment<byte> { Array: null };

    private static bool HasKey(MemberInfo member) =>
        member is PropertyInfo or FieldInfo && member.GetCustomAttributes().Any(attribute => attribute.GetType().Name == nameof(KeyAttribute));

    private static bool IsOfTypeParameter(MemberInfo member)
    {
        Type declaring = member.DeclaringType!;
        return declaring.IsGenericType
            && declaring.GetGenericTypeDefinition().GetMember(member.Name, BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)
                .Any(written => written is PropertyInfo { PropertyType.ContainsGenericParameters: true }
                    or FieldInfo { FieldType.ContainsGenericParameters: true });
    }
}
