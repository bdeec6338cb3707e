using System.Reflection;
using System.Runtime.CompilerServices;

namespace NetLoop.Demo.Sim.Coverage;

/// <summary>Copies objects between two loads of the same assemblies, whose types have the same names but are different.</summary>
internal static class ForeignCopy
{
    private const BindingFlags Everything = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>
    /// Creates an object of a type from an object of the other load, field by field. Objects of types that both loads share are used as they are.
    /// </summary>
    public static object? To(Type type, object? source)
    {
        if (source is null || type.IsInstanceOfType(source))
        {
            return source;
        }

        if (type.IsEnum)
        {
            return Enum.ToObject(type, Convert.ToInt64(source, null));
        }

        if (source is Array array)
        {
            Type element = type.GetElementType()!;
            var copies = Array.CreateInstance(element, array.Length);
            for (int i = 0; i < array.Length; i++)
            {
                copies.SetValue(To(element, array.GetValue(i)), i);
            }

            return copies;
        }

        Type actual = Nullable.GetUnderlyingType(type) ?? type;
        object copy = RuntimeHelpers.GetUninitializedObject(actual);
        for (Type? to = actual, from = source.GetType(); to is not null && to != typeof(object); to = to.BaseType, from = from!.BaseType)
        {
            foreach (FieldInfo field in to.GetFields(Everything))
            {
                field.SetValue(copy, To(field.FieldType, from!.GetField(field.Name, Everything)!.GetValue(source)));
            }
        }

        return copy;
    }
}
