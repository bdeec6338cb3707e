using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace NetLoop.Generators.Parsing;

/// <summary>Finds annotations of MessagePack-CSharp that generated code does not support: the bytes would differ, and nobody would notice.</summary>
internal sealed class ForeignChecks(ParseScope scope)
{
    private const string Ways = "write it with Codec = typeof(MessagePackSerializerCodec) of NetLoop.MessagePack, or mark it [NotNetContract]";

    private readonly INamedTypeSymbol _type = scope.Contract;

    /// <summary>Checks the type as a whole.</summary>
    public void CheckType()
    {
        if (KnownNames.HasFormatter(_type))
        {
            Report($"generated code does not use its [MessagePackFormatter]; remove that, or {Ways}");
        }

        if (_type.AllInterfaces.Any(KnownNames.IsCallbackReceiver))
        {
            Report($"generated code does not call its IMessagePackSerializationCallbackReceiver; remove that interface, or {Ways}");
        }

        if (KnownNames.UsesNamesAsKeys(_type) && KnownNames.AllowsPrivate(_type))
        {
            Report("keyAsPropertyName with AllowPrivate sends every private field and property by its name; remove AllowPrivate, or give the members keys");
        }
    }

    /// <summary>Checks the members that are sent.</summary>
    public void CheckMembers(IEnumerable<SourceMember> members)
    {
        bool isRaw = KnownNames.IsForeignObject(_type);
        bool usesNames = KnownNames.UsesNamesAsKeys(_type);
        bool allowsPrivate = KnownNames.AllowsPrivate(_type);
        foreach (SourceMember member in members)
        {
            if (KnownNames.HasFormatter(member.Symbol))
            {
                Report($"generated code does not use the [MessagePackFormatter] of '{member.Name}'; remove that, or {Ways}");
            }

            if (usesNames && MemberKeys.Find(member.Symbol) is not null)
            {
                Report($"with keyAsPropertyName, the [Key] of '{member.Name}' has no effect; remove one of them");
            }

            if (isRaw && !usesNames && !allowsPrivate && !NamedMembers.IsReadable(member.Symbol))
            {
                Report($"'{member.Name}' is not public, so that library sends nil; make it public, or write [MessagePackObject(AllowPrivate = true)]");
            }
        }
    }

    private void Report(string reason) => scope.Findings.Add(Diagnostic.Create(
        Diagnostics.ForeignForm, _type.Locations.FirstOrDefault(location => location.IsInSource), messageArgs: [_type.Name, reason]));
}
