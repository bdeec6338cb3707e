namespace NetLoop;

/// <summary>Marks the constructor that builds a contract when it is read.</summary>
/// <remarks>Each parameter has the type of a keyed member and its name or, failing that, its place. Other members are set behind it.</remarks>
[AttributeUsage(AttributeTargets.Constructor)]
public sealed class SerializationConstructorAttribute : Attribute;
