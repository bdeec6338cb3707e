using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NetLoop.Generators.Model;

namespace NetLoop.Generators.Parsing;

/// <summary>Reads how a message is sent from its attribute.</summary>
internal static class DeliveryParser
{
    private const int Sequenced = 2;
    private const int MaxDelivery = 3;
    private const int MaxChannel = 15;

    /// <summary>Reads the delivery of a message.</summary>
    /// <param name="type">The message.</param>
    /// <param name="attribute">Its attribute.</param>
    /// <param name="problem">The mistake; null for none.</param>
    /// <returns>Null if the attribute says nothing about delivery, or has a mistake.</returns>
    public static DeliveryModel? Parse(INamedTypeSymbol type, AttributeData attribute, out string? problem)
    {
        problem = null;
        int delivery = Number(attribute, "Delivery");
        int channel = Number(attribute, "Channel");
        string? conflateBy = attribute.NamedArguments.FirstOrDefault(static argument => argument.Key == "ConflateBy").Value.Value as string;
        if (delivery is < 0 or > MaxDelivery)
        {
            problem = $"Delivery is {delivery.ToString(CultureInfo.InvariantCulture)}, which is not a value of the enum";
        }
        else if (channel is < 0 or > MaxChannel)
        {
            problem = $"Channel is {channel.ToString(CultureInfo.InvariantCulture)}; use 0 to 15";
        }
        else if (conflateBy is not null && delivery != Sequenced)
        {
            problem = "ConflateBy needs Delivery = Delivery.Sequenced: only then does a newer message replace a waiting one";
        }

        string? key = null;
        if (problem is null && conflateBy is not null)
        {
            key = Key(type, conflateBy);
            problem = key is null
                ? $"ConflateBy names '{conflateBy}', which is not a readable property or field of an integer, enum, char or bool type"
                : null;
        }

        return problem is null && (delivery != 0 || channel != 0) ? new DeliveryModel(delivery, channel, key) : null;
    }

    private static int Number(AttributeData attribute, string name) =>
        attribute.NamedArguments.FirstOrDefault(argument => argument.Key == name).Value.Value as int? ?? 0;

    private static string? Key(INamedTypeSymbol type, string name)
    {
        ITypeSymbol? member = Members(type, name)
            .Select(static symbol => symbol switch
            {
                IPropertySymbol { IsStatic: false, GetMethod: not null, Parameters.IsEmpty: true } property => property.Type,
                IFieldSymbol { IsStatic: false } field => field.Type,
                _ => null,
            })
            .FirstOrDefault();
        string value = $"message.{(SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None ? name : "@" + name)}";
        return member switch
        {
            { SpecialType: SpecialType.System_Boolean } => $"{value} ? 1L : 0L",
            { SpecialType: SpecialType.System_Char or (>= SpecialType.System_SByte and <= SpecialType.System_UInt64) } => $"unchecked((long){value})",
            { TypeKind: TypeKind.Enum } => $"unchecked((long){value})",
            _ => null,
        };
    }

    private static IEnumerable<ISymbol> Members(INamedTypeSymbol type, string name)
    {
        for (INamedTypeSymbol? at = type; at is not null; at = at.BaseType)
        {
            foreach (ISymbol member in at.GetMembers(name))
            {
                yield return member;
            }
        }
    }
}
