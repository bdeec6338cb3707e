#pragma warning disable CA1032 // Made by what writes messages, and by nobody else.

namespace NetLoop;

/// <summary>A message has a null where its types rule one out: it is not sent, because its receiver would refuse it and close the session.</summary>
public sealed class NullMemberException : InvalidOperationException
{
    internal NullMemberException(string? member, Type type)
        : base(
            $"{member ?? "A value"} {(member is null ? "is" : "is or contains")} null, and its type ('{type}') says that it never is; set it, or "
                + "declare it as nullable.")
    {
        Member = member;
        Type = type;
    }

    /// <summary>The contract and the member, such as "Game.Player.Name"; null when no contract is around the value.</summary>
    public string? Member { get; }

    /// <summary>The type of the null.</summary>
    internal Type Type { get; }
}
