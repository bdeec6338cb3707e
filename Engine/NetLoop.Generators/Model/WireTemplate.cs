using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace NetLoop.Generators.Model;

/// <summary>Text with placeholders for the type arguments of a generic contract. Neither names nor wire types contain braces.</summary>
internal static class WireTemplate
{
    private const char Open = '{';
    private const char End = '}';
    private const char Nullable = '?';
    private const char Named = ':';

    /// <summary>The placeholder for the wire form of a type parameter.</summary>
    public static string Wire(int parameter) => $"{Open}{Number(parameter)}{End}";

    /// <summary>The placeholder for the wire form of <c>T?</c>.</summary>
    public static string NullableWire(int parameter) => $"{Open}{Number(parameter)}{Nullable}{End}";

    /// <summary>The placeholder for the name of a type parameter.</summary>
    public static string Name(int parameter) => $"{Open}{Number(parameter)}{Named}{End}";

    /// <summary>Replaces the placeholders with type arguments.</summary>
    public static string Close(string template, IReadOnlyList<WireArgument> arguments)
    {
        if (arguments.Count == 0)
        {
            return template;
        }

        StringBuilder closed = new();
        for (int at = 0; at < template.Length; at++)
        {
            bool isPlace = template[at] == Open;
            int end = isPlace ? template.IndexOf(End, at) : at;
            string text = isPlace ? Choose(template.Substring(at + 1, end - at - 1), arguments) : template[at].ToString();
            // A nullable type stays nullable; it gets no second mark.
            if (text != Nullable.ToString() || closed.Length == 0 || closed[closed.Length - 1] != Nullable)
            {
                closed.Append(text);
            }

            at = end;
        }

        return closed.ToString();
    }

    private static string Choose(string place, IReadOnlyList<WireArgument> arguments)
    {
        WireArgument argument = arguments[int.Parse(place.TrimEnd(Nullable, Named), CultureInfo.InvariantCulture)];
        return place[place.Length - 1] switch
        {
            Nullable => argument.NullableWire,
            Named => argument.Name,
            _ => argument.Wire,
        };
    }

    private static string Number(int parameter) => parameter.ToString(CultureInfo.InvariantCulture);
}
