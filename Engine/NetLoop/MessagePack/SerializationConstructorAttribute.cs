namespace NetLoop;

/// <summary>Marks the constructor that builds a contract when it is read. Its parameters have the name, or the place, and the type of keyed members.</summary>
[AttributeUsage(AttributeTargets.Constructor)]
public sealed class SerializationConstructorAttribute : Attribute;
