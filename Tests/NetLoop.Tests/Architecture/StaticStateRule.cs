using Microsoft.CodeAnalysis;

namespace NetLoop.Tests.Architecture;

/// <summary>No static field may be mutable: all servers of the process, and all tests, would share it.</summary>
internal static class StaticStateRule
{
    public static IEnumerable<string> Check(EngineSources sources)
    {
        foreach (SymbolUse declared in sources.DeclaredTypes())
        {
            foreach (ISymbol member in ((INamedTypeSymbol)declared.Symbol).GetMembers().Where(CanChange))
            {
                // An auto-property is checked through its backing field, which is read-only if there is no setter.
                string name = ((member as IFieldSymbol)?.AssociatedSymbol ?? member).Name;
                yield return $"{EngineSources.Place(member.Locations[0])}: {declared.Symbol.Name}.{name} is static and can change; "
                    + "make it an instance member or readonly";
            }
        }
    }

    private static bool CanChange(ISymbol member) =>
        member is IFieldSymbol { IsStatic: true, IsReadOnly: false, IsConst: false } or IEventSymbol { IsStatic: true };
}
