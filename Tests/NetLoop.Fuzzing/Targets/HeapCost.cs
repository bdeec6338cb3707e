using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace NetLoop.Fuzzing.Targets;

/// <summary>Says what the memory of an honest value is, to tell it from memory that a header only asked for.</summary>
/// <remarks>
/// A value of one byte may become an object: an empty array is a whole contract with all its defaults. No limit in bytes of input can be right for
/// every type, so this one follows from the type: the most that a single value of the wire becomes, of all types that a contract reaches.
/// </remarks>
internal static class HeapCost
{
    private const int HeaderBytes = 24;
    private const int CollectionBytes = 160;
    private const int NodeBytes = 80;

    // A Uri remembers its parts, a big number is an array.
    private const int ParsedBytes = 1_024;

    // Lists double: what they hold last, what they held before, and room for what does not come.
    private const int GrowthFactor = 4;

    /// <summary>The most that one value of the wire becomes.</summary>
    public static long OfOneValue(Type contract)
    {
        HashSet<Type> reached = [];
        Reach(contract, reached);
        return reached.Max(type => OfEmpty(type, depth: 0) + (GrowthFactor * (long)InlineBytes(type)) + NodeBytes);
    }

    // What a type is when nothing of it was sent: an object, with the objects that its constructor makes.
    private static long OfEmpty(Type type, int depth)
    {
        if (type == typeof(string))
        {
            return HeaderBytes;
        }
        if (IsOfTheSystem(type))
        {
            return type.IsValueType ? 0 : typeof(IEnumerable).IsAssignableFrom(type) ? CollectionBytes : ParsedBytes;
        }
        if (depth > 2)
        {
            return 0;
        }
        // Twice: an instance that says what absent members are, and the one that is given.
        Type[] members = [.. Fields(type).Select(field => field.FieldType)];
        long own = type.IsValueType ? 0 : HeaderBytes + members.Sum(member => (long)InlineBytes(member));
        return 2 * (own + members.Sum(member => OfEmpty(member, depth + 1)));
    }

    private static int InlineBytes(Type type) => type.IsValueType ? RuntimeHelpers.SizeOf(type.TypeHandle) : IntPtr.Size;

    private static void Reach(Type type, HashSet<Type> reached)
    {
        if (!reached.Add(type))
        {
            return;
        }
        foreach (Type argument in type.GenericTypeArguments)
        {
            Reach(argument, reached);
        }
        if (type.GetElementType() is { } element)
        {
            Reach(element, reached);
        }
        foreach (UnionAttribute unionCase in type.GetCustomAttributes<UnionAttribute>())
        {
            Reach(unionCase.SubType, reached);
        }
        if (!IsOfTheSystem(type))
        {
            foreach (FieldInfo field in Fields(type))
            {
                Reach(field.FieldType, reached);
            }
        }
    }

    private static bool IsOfTheSystem(Type type) =>
        type.IsArray || type.IsEnum || type.IsPrimitive || type.Namespace?.StartsWith("System", StringComparison.Ordinal) == true;

    private static IEnumerable<FieldInfo> Fields(Type type)
    {
        for (Type? current = type; current is not null && current != typeof(object); current = current.BaseType)
        {
            foreach (FieldInfo field in current.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                yield return field;
            }
        }
    }
}
