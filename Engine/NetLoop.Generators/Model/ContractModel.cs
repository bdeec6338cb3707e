namespace NetLoop.Generators.Model;

/// <summary>All that the emitter needs to know of one contract: strings and numbers, no symbols, so that it can be compared and cached.</summary>
/// <param name="Namespace">Null for the global namespace.</param>
/// <param name="Declarations">The partial declarations from the outermost type to the contract itself, such as "partial class Outer".</param>
/// <param name="Name">The contract as its own code names it, fully qualified.</param>
/// <param name="HintName">The name of the generated file.</param>
/// <param name="MessageType">The type on the wire; null if the contract is not a message.</param>
/// <param name="IsMap">True for names as keys, false for indexes.</param>
/// <param name="Members">In the order of the wire.</param>
/// <param name="ConstructorArguments">One expression for each parameter of the constructor to call.</param>
/// <param name="InitializedMembers">Members set after the constructor.</param>
/// <param name="IsReference">A class or an interface.</param>
/// <param name="TypeParameters">Those of a generic contract, whose code is a formatter made of the formatters of its type arguments.</param>
/// <param name="Codec">The type that writes and reads the whole value, as code names it; null for a contract whose code is generated.</param>
/// <param name="Cases">The types of a union; empty for a contract with members.</param>
internal sealed record ContractModel(
    string? Namespace,
    EquatableArray<string> Declarations,
    string Name,
    string HintName,
    int? MessageType,
    bool IsMap,
    EquatableArray<MemberModel> Members,
    EquatableArray<string> ConstructorArguments,
    EquatableArray<MemberModel> InitializedMembers,
    bool IsReference,
    EquatableArray<TypeParameterModel> TypeParameters,
    string? Codec,
    EquatableArray<UnionCaseModel> Cases)
{
    /// <summary>What the contract looks like on the wire, for assemblies that use it; null for a contract with mistakes.</summary>
    public ContractDescription? Description { get; init; }

    /// <summary>The response that the contract declares as a request, as code names it; null for none.</summary>
    public string? Response { get; init; }

    /// <summary>Uses something that is marked obsolete in such a way that only obsolete code may use it.</summary>
    public bool UsesObsolete { get; init; }

    /// <summary>Something is wrong with it: its methods throw, so that the mistake itself is all that the compiler reports.</summary>
    public bool IsBroken => Description is null;
}
