#pragma warning disable CA1032 // Created only by the code that writes messages.

namespace NetLoop;

/// <summary>
/// Thrown when a message has a null where its types do not allow one. The message is not sent: the receiver would reject it and close the session.
/// </summary>
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

    /// <summary>The contract and the member, such as "Game.Player.Name"; null if the value is not inside a contract.</summary>
    public string? Member { get; }

    /// <summary>The type of the null.</summary>
    internal Type Type { get; }
}
