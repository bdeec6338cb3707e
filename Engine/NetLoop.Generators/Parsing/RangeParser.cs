using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Numerics;
using Microsoft.CodeAnalysis;
using NetLoop.Generators.Model;

namespace NetLoop.Generators.Parsing;

/// <summary>Turns [Range] into a check. Unlike RangeAttribute, it compares values and bounds without rounding.</summary>
internal static class RangeParser
{
    private const double MaxDecimal = 7.9228162514264337e28;

    private static readonly Dictionary<SpecialType, (BigInteger Min, BigInteger Max)> Integers = new()
    {
        [SpecialType.System_Byte] = (byte.MinValue, byte.MaxValue),
        [SpecialType.System_SByte] = (sbyte.MinValue, sbyte.MaxValue),
        [SpecialType.System_Int16] = (short.MinValue, short.MaxValue),
        [SpecialType.System_UInt16] = (ushort.MinValue, ushort.MaxValue),
        [SpecialType.System_Char] = (char.MinValue, char.MaxValue),
        [SpecialType.System_Int32] = (int.MinValue, int.MaxValue),
        [SpecialType.System_UInt32] = (uint.MinValue, uint.MaxValue),
        [SpecialType.System_Int64] = (long.MinValue, long.MaxValue),
        [SpecialType.System_UInt64] = (ulong.MinValue, ulong.MaxValue),
    };

    /// <summary>Adds the check of a range.</summary>
    /// <returns>The mistake in the range; null if there is none.</returns>
    public static string? Parse(AttributeData attribute, ValidatedType type, List<MemberCheck> checks)
    {
        if (attribute.ConstructorArguments.Length is not (2 or 3) || attribute.ConstructorArguments.Any(argument => argument.IsNull))
        {
            return null; // The compiler reports invalid arguments.
        }

        RangeKind kind = KindOf(type.Type);
        if (kind == RangeKind.None)
        {
            return $"'{type.Name}' has no range; only numbers, enums, TimeSpan, DateTime and DateOnly have";
        }

        ITypeSymbol? operand = attribute.ConstructorArguments.Length == 3 ? attribute.ConstructorArguments[0].Value as ITypeSymbol : null;
        object?[] bounds = [.. attribute.ConstructorArguments.Skip(attribute.ConstructorArguments.Length - 2).Select(argument => Value(argument, operand))];
        if (bounds.Any(bound => bound is null or double.NaN))
        {
            return $"its bounds are not values of '{operand?.ToDisplayString() ?? "double"}', as the invariant culture writes them";
        }

        if (bounds.Any(bound => !IsComparable(kind, bound!)))
        {
            return $"its bounds cannot be compared with '{type.Name}'";
        }

        bool isAbove = Has(attribute, "MinimumIsExclusive");
        bool isBelow = Has(attribute, "MaximumIsExclusive");
        (bool hasValues, MemberCheck? check) = kind switch
        {
            RangeKind.Integer => OfIntegers(bounds[0]!, isAbove, bounds[1]!, isBelow, type),
            RangeKind.Double => OfDoubles(ToDouble(bounds[0]!), isAbove, ToDouble(bounds[1]!), isBelow, type),
            RangeKind.Decimal => OfDecimals(bounds[0]!, isAbove, bounds[1]!, isBelow, type),
            _ => OfTimes((long)bounds[0]!, isAbove, (long)bounds[1]!, isBelow, type, kind),
        };
        if (check is not null)
        {
            checks.Add(check);
        }

        return hasValues ? null : $"no value of '{type.Name}' is in it";
    }

    private static RangeKind KindOf(ITypeSymbol type) => type switch
    {
        { TypeKind: TypeKind.Enum } => RangeKind.Integer,
        _ when Integers.ContainsKey(type.SpecialType) => RangeKind.Integer,
        { SpecialType: SpecialType.System_Single or SpecialType.System_Double } => RangeKind.Double,
        { SpecialType: SpecialType.System_Decimal } => RangeKind.Decimal,
        { SpecialType: SpecialType.System_DateTime } => RangeKind.DateTime,
        _ when type.Is("System", "Half") => RangeKind.Double,
        _ when type.Is("System", "TimeSpan") => RangeKind.TimeSpan,
        _ when type.Is("System", "DateOnly") => RangeKind.DateOnly,
        _ => RangeKind.None,
    };

    // The bound of a range is an int or a double, or a text with the type to parse it as: then it is a decimal or a double, and a time is its ticks or days.
    private static object? Value(TypedConstant argument, ITypeSymbol? operand)
    {
        if (operand is null || argument.Value is not string text)
        {
            return argument.Value is int whole ? (decimal)whole : argument.Value;
        }

        CultureInfo culture = CultureInfo.InvariantCulture;
        return KindOf(operand) switch
        {
            RangeKind.Integer or RangeKind.Decimal => decimal.TryParse(text, NumberStyles.Number, culture, out decimal number) ? number : null,
            RangeKind.Double => double.TryParse(text, NumberStyles.Float | NumberStyles.AllowThousands, culture, out double number) ? number : null,
            RangeKind.TimeSpan => TimeSpan.TryParse(text, culture, out TimeSpan time) ? time.Ticks : null,
            RangeKind.DateTime => Date(text)?.Ticks,
            RangeKind.DateOnly => Date(text) is { } date && date.TimeOfDay == TimeSpan.Zero ? date.Ticks / TimeSpan.TicksPerDay : null,
            _ => null,
        };

        static DateTime? Date(string text) => DateTime.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTime date) ? date : null;
    }

    private static bool IsComparable(RangeKind kind, object bound) =>
        kind is RangeKind.Integer or RangeKind.Double or RangeKind.Decimal ? bound is decimal or double : bound is long;

    private static (bool, MemberCheck?) OfIntegers(object min, bool isAbove, object max, bool isBelow, ValidatedType type)
    {
        ITypeSymbol number = (type.Type as INamedTypeSymbol)?.EnumUnderlyingType ?? type.Type;
        (BigInteger least, BigInteger most) = Integers[number.SpecialType];
        BigInteger from = Lowest(min, isAbove) is { } lowest && lowest > least ? lowest : least;
        BigInteger to = Highest(max, isBelow) is { } highest && highest < most ? highest : most;
        if (from > to || IsInfinite(min, positive: true) || IsInfinite(max, positive: false))
        {
            return (false, null);
        }

        string[] parts = [.. new[] { from > least ? $">= {from}" : "", to < most ? $"<= {to}" : "" }.Where(part => part.Length > 0)];
        bool needsCast = type.Type.TypeKind == TypeKind.Enum || number.SpecialType == SpecialType.System_Char;
        string cast = number.SpecialType == SpecialType.System_Char ? "int" : number.ToDisplayString();
        return (true, parts.Length == 0 ? null : type.Matches($"({string.Join(" and ", parts)})", needsCast ? $"({cast}{(type.IsNullable ? "?" : "")})" : ""));
    }

    private static BigInteger? Lowest(object bound, bool isExclusive) => bound switch
    {
        double number when double.IsInfinity(number) => null,
        double number => new BigInteger(Math.Floor(number)) + (isExclusive || Math.Floor(number) < number ? 1 : 0),
        decimal number => new BigInteger(decimal.Floor(number)) + (isExclusive || decimal.Floor(number) < number ? 1 : 0),
        _ => null,
    };

    private static BigInteger? Highest(object bound, bool isExclusive) => bound switch
    {
        double number when double.IsInfinity(number) => null,
        double number => new BigInteger(Math.Ceiling(number)) - (isExclusive || Math.Ceiling(number) > number ? 1 : 0),
        decimal number => new BigInteger(decimal.Ceiling(number)) - (isExclusive || decimal.Ceiling(number) > number ? 1 : 0),
        _ => null,
    };

    private static bool IsInfinite(object bound, bool positive) =>
        bound is double number && (positive ? double.IsPositiveInfinity(number) : double.IsNegativeInfinity(number));

    // Both bounds, even infinite ones: NaN is in no range.
    private static (bool, MemberCheck?) OfDoubles(double min, bool isAbove, double max, bool isBelow, ValidatedType type)
    {
        if (min > max || (min == max && (isAbove || isBelow)))
        {
            return (false, null);
        }

        string cast = type.Type.SpecialType == SpecialType.System_Double ? "" : type.IsNullable ? "(double?)" : "(double)";
        return (true, type.Matches($"({(isAbove ? ">" : ">=")} {Literal(min)} and {(isBelow ? "<" : "<=")} {Literal(max)})", cast));
    }

    private static double ToDouble(object bound) => bound is decimal number ? (double)number : (double)bound;

    private static string Literal(double number) => number switch
    {
        double.PositiveInfinity => "double.PositiveInfinity",
        double.NegativeInfinity => "double.NegativeInfinity",
        _ => number.ToString("R", CultureInfo.InvariantCulture) + "D",
    };

    private static (bool, MemberCheck?) OfDecimals(object min, bool isAbove, object max, bool isBelow, ValidatedType type)
    {
        if ((min is double low && low >= MaxDecimal) || (max is double high && high <= -MaxDecimal))
        {
            return (false, null);
        }

        decimal? from = ToDecimal(min);
        decimal? to = ToDecimal(max);
        if (from > to || (from == to && from is not null && (isAbove || isBelow)))
        {
            return (false, null);
        }

        string[] parts =
        [
            .. from is null ? [] : new[] { $"{(isAbove ? ">" : ">=")} {Literal(from.Value)}" },
            .. to is null ? [] : new[] { $"{(isBelow ? "<" : "<=")} {Literal(to.Value)}" },
        ];
        return (true, parts.Length == 0 ? null : type.Matches($"({string.Join(" and ", parts)})"));
    }

    // Null for a bound outside the range of decimal.
    private static decimal? ToDecimal(object bound) => bound switch
    {
        decimal number => number,
        double number when Math.Abs(number) < MaxDecimal => (decimal)number,
        _ => null,
    };

    private static string Literal(decimal number) => number.ToString(CultureInfo.InvariantCulture) + "M";

    private static (bool, MemberCheck?) OfTimes(long min, bool isAbove, long max, bool isBelow, ValidatedType type, RangeKind kind)
    {
        if (min > max || (min == max && (isAbove || isBelow)))
        {
            return (false, null);
        }

        string unit = kind == RangeKind.DateOnly ? "DayNumber" : "Ticks";
        string suffix = kind == RangeKind.DateOnly ? "" : "L";
        string from = min.ToString(CultureInfo.InvariantCulture) + suffix;
        string to = max.ToString(CultureInfo.InvariantCulture) + suffix;
        return (true, type.Matches($"{{ {unit}: {(isAbove ? ">" : ">=")} {from} and {(isBelow ? "<" : "<=")} {to} }}"));
    }

    private static bool Has(AttributeData attribute, string name) =>
        attribute.NamedArguments.Any(argument => argument.Key == name && argument.Value.Value is true);
}
