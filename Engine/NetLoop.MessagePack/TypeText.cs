namespace NetLoop;

/// <summary>Writes types as in source code.</summary>
internal static class TypeText
{
    /// <summary>Without namespaces: <c>Dictionary&lt;String, List&lt;Int32&gt;&gt;</c>.</summary>
    public static string Of(Type type)
    {
        if (type.IsArray)
        {
            return $"{Of(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        }

        return type.IsGenericType
            ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Of))}>"
            : type.Name;
    }
}
