namespace NetLoop.Generators.Model;

/// <summary>Everything that the emitter needs to know about one contract: strings and numbers, no symbols, so that it can be compared and cached.</summary>
/// <param name="Namespace">The namespace; null for the global one.</param>
/// <param name="Declarations">The partial declarations from the outermost type to the contract itself, such as "partial class Outer".</param>
/// <param name="Name">The contract as its own code names it, fully qualified.</param>
/// <param name="HintName">The name of the generated file.</param>
/// <param name="MessageType">The type on the wire; null if the contract is not a message.</param>
/// <param name="IsMap">True for names as keys, false for indexes.</param>
/// <param name="Members">The members in wire order.</param>
/// <param name="ConstructorArguments">One expression for each parameter of the constructor to call.</param>
/// <param name="InitializedMembers">Members set after the constructor.</param>
/// <param name="IsReference">A class or an interface.</param>
/// <param name="TypeParameters">The type parameters of a generic contract, whose code is a formatter composed of the formatters of its type arguments.</param>
/// <param name="Codec">The type that writes and reads the whole value, as named in code; null for a contract with generated code.</param>
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
    /// <summary>The wire form of the contract, for assemblies that use it; null for a contract with mistakes.</summary>
    public ContractDescription? Description { get; init; }

    /// <summary>The response that the contract declares as a request, as named in code; null for none.</summary>
    public string? Response { get; init; }

    /// <summary>How the message is sent when the call does not say so; null for reliable and ordered.</summary>
    public DeliveryModel? Delivery { get; init; }

    /// <summary>Whether the contract uses a symbol whose obsolescence is an error, so that only obsolete code may use it.</summary>
    public bool UsesObsolete { get; init; }

    /// <summary>Whether the contract has a mistake. Its methods then throw, so that the compiler reports only the mistake itself.</summary>
    public bool IsBroken => Description is null;
}
