namespace NetLoop.Tests.MessagePack.Interop;

/// <summary>One type that a member of a random shape can have.</summary>
/// <param name="Type">As code.</param>
/// <param name="Make">Code that makes a value, from <c>r</c> and the depth <c>d</c>.</param>
/// <param name="IsKey">May be the key of a map.</param>
/// <param name="IsValue">A struct, of which there is a nullable.</param>
internal sealed record MemberForm(string Type, string Make, bool IsKey = false, bool IsValue = true);
