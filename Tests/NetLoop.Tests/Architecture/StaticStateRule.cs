using Microsoft.CodeAnalysis;

namespace NetLoop.Tests.Architecture;

/// <summary>No static that can change: it would be shared by all servers of the process and by all tests.</summary>
internal static class StaticStateRule
{
    public static IEnumerable<string> Check(EngineSources sources)
    {
        foreach (SymbolUse declared in sources.DeclaredTypes())
        {
            foreach (ISymbol member in ((INamedTypeSymbol)declared.Symbol).GetMembers().Where(CanChange))
            {
                // An auto-property is seen by the field behind it, which is read-only when there is no setter.
                string name = ((member as IFieldSymbol)?.AssociatedSymbol ?? member).Name;
                yield return $"{EngineSources.Place(member.Locations[0])}: {declared.Symbol.Name}.{name} is static and can change; "
                    + "make it an instance member or readonly";
            }
        }
    }

    private static bool CanChange(ISymbol member) =>
        member is IFieldSymbol { IsStatic: true, IsReadOnly: false, IsConst: false } or IEventSymbol { IsStatic: true };
}
