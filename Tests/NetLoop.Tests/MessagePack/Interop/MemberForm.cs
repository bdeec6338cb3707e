namespace NetLoop.Tests.MessagePack.Interop;

/// <summary>A type that a member of a random shape can have.</summary>
/// <param name="Type">The type as code.</param>
/// <param name="Make">Code that creates a value, from <c>r</c> and the depth <c>d</c>.</param>
/// <param name="IsKey">Whether it may be the key of a map.</param>
/// <param name="IsValue">Whether it is a struct, which can be nullable.</param>
internal sealed record MemberForm(string Type, string Make, bool IsKey = false, bool IsValue = true);
