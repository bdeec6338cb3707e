namespace NetLoop;

/// <summary>Leaves a member out of the contract.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class IgnoreMemberAttribute : Attribute;
