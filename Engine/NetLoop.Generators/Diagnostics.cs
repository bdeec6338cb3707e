using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace NetLoop.Generators;

/// <summary>The diagnostics about contracts. Each message says how to fix the mistake.</summary>
internal static class Diagnostics
{
    /// <summary>The name of a diagnostic's property with the replacement text for a code fix.</summary>
    public const string FixProperty = "Fix";

    private const string Category = "NetLoop";

    public static readonly DiagnosticDescriptor DuplicateType = Error(
        "NL0001",
        "Two messages have the same type number",
        "'{0}' has message type {1}, which '{2}' has too; give one of them another number");

    public static readonly DiagnosticDescriptor DuplicateKey = Error(
        "NL0002",
        "Two members have the same key",
        "Member '{0}' has key {1}, which '{2}' has too; give one of them another key");

    public static readonly DiagnosticDescriptor NotPartial = Error(
        "NL0003",
        "A contract is not partial",
        "'{0}' must be declared partial, so that its MessagePack code can be added to '{1}'");

    public static readonly DiagnosticDescriptor UnsupportedType = Error(
        "NL0004",
        "A member's type has no MessagePack form",
        "Member '{0}' uses type '{1}', which has no MessagePack form; {2}");

    public static readonly DiagnosticDescriptor InvalidType = Error(
        "NL0005",
        "A message's type number is reserved or out of range",
        "'{0}' has message type {1}; applications have 64 to 65535, 0 to 63 belong to the engine");

    public static readonly DiagnosticDescriptor NotConstructible = Error(
        "NL0006",
        "A contract cannot be built from its members",
        "'{0}' cannot be built when it is read: {1}");

    public static readonly DiagnosticDescriptor MissingKey = Error(
        "NL0007",
        "A member has neither a key nor [IgnoreMember]",
        "Member '{0}' of '{1}' has no key; write [Key({2})] on it ([property: Key({2})] in a positional record), "
        + "or [IgnoreMember] to leave it out");

    public static readonly DiagnosticDescriptor InvalidKey = Error(
        "NL0008",
        "A member's key cannot be used",
        "Member '{0}' has key {1}; {2}");

    public static readonly DiagnosticDescriptor InvalidUnion = Error(
        "NL0009",
        "A union cannot be sent",
        "'{0}' is not a usable union: {1}");

    public static readonly DiagnosticDescriptor GenericMessage = Error(
        "NL0010",
        "A message is generic",
        "'{0}' is generic, and all types made of it would have message type {1}; mark it [NetContract] and use it as a member of a message");

    public static readonly DiagnosticDescriptor InvalidCodec = Error(
        "NL0012",
        "A contract's codec cannot be used",
        "'{0}' cannot have its codec: {1}");

    public static readonly DiagnosticDescriptor UnsentMember = Error(
        "NL0013",
        "A member has a key but cannot be sent",
        "Member '{0}' has a key but cannot be sent: {1}");

    public static readonly DiagnosticDescriptor GrowingType = Error(
        "NL0014",
        "A generic contract's type arguments grow without end",
        "'{0}' contains itself with type arguments that grow without end; use the same type arguments, or a contract that is not generic, inside of it");

    public static readonly DiagnosticDescriptor ForeignForm = Error(
        "NL0015",
        "A contract's bytes would differ from those that MessagePack-CSharp writes",
        "'{0}' would not have the bytes that MessagePack-CSharp writes: {1}");

    public static readonly DiagnosticDescriptor OldLanguage = Error(
        "NL0016",
        "The language version is too old for contracts",
        "Contracts need C# 12 or later, and this project has C# {0}; set <LangVersion> to 12 or more, or remove it");

    public static readonly DiagnosticDescriptor TakenName = Error(
        "NL0017",
        "The name of the contracts' description is taken",
        "'{0}' has the name of the class that the generator writes; give it another name or namespace, or set <NetContractsNamespace>");

    public static readonly DiagnosticDescriptor SharedNamespace = new(
        "NL0018",
        "Two projects with messages have the same root namespace",
        "'{0}' is also in '{1}', so code here cannot tell them apart; give this project its own <RootNamespace> or <NetContractsNamespace>",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        customTags: WellKnownDiagnosticTags.CompilationEnd);

    public static readonly DiagnosticDescriptor WrongResponse = Error(
        "NL0019",
        "A request is used with a response that it does not declare",
        "'{0}' declares INetRequest<{1}>, so its response is '{1}' and not '{2}'; write {3}");

    public static readonly DiagnosticDescriptor InvalidRequest = Error(
        "NL0020",
        "A type cannot be a request",
        "'{0}' cannot be a request: {1}");

    public static readonly DiagnosticDescriptor NoMessage = Error(
        "NL0021",
        "A contract is used as a message",
        "'{0}' is a [NetContract]: it travels inside messages and has no number; mark it [NetMessage({1})] to use it as a message");

    public static readonly DiagnosticDescriptor InvalidCheck = Error(
        "NL0022",
        "A validation attribute cannot be checked",
        "Member '{0}' has [{1}], which cannot be checked: {2}");

    public static readonly DiagnosticDescriptor UncheckedAttribute = Error(
        "NL0023",
        "A validation attribute is not checked",
        "Member '{0}' has [{1}], which is not checked when a message is read: {2}; check it in the handler, or suppress this finding if the attribute is for "
        + "other code");

    public static readonly DiagnosticDescriptor UndeclaredResponse = Error(
        "NL0024",
        "A request does not declare its response",
        "'{0}' does not declare its response, so the call cannot know it; declare ': INetRequest<TResponse>' on '{0}', or write RequestAsync<{0}, TResponse>");

    public static readonly DiagnosticDescriptor InvalidDelivery = Error(
        "NL0025",
        "A message cannot be sent as its attribute says",
        "[NetMessage] of '{0}': {1}");

    public static readonly DiagnosticDescriptor BlockedRequest = new(
        "NL0011",
        "A handler blocks on the response to its own request",
        "'{0}' blocks the thread that would deliver the response, so the handler never returns; make the handler asynchronous and await the request",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true);

    /// <summary>All diagnostics about contracts.</summary>
    public static ImmutableArray<DiagnosticDescriptor> All { get; } =
    [
        DuplicateType, DuplicateKey, NotPartial, UnsupportedType, InvalidType, NotConstructible, MissingKey, InvalidKey, InvalidUnion, GenericMessage,
        InvalidCodec, UnsentMember, GrowingType, ForeignForm, OldLanguage, TakenName, SharedNamespace, InvalidRequest,
        InvalidCheck, UncheckedAttribute, InvalidDelivery,
    ];

    /// <summary>The diagnostic properties with the text for a code fix; empty if there is no fix.</summary>
    public static ImmutableDictionary<string, string?> Fix(string? text) => text is null
        ? ImmutableDictionary<string, string?>.Empty
        : ImmutableDictionary<string, string?>.Empty.Add(FixProperty, text);

    private static DiagnosticDescriptor Error(string id, string title, string message) =>
        new(id, title, message, Category, DiagnosticSeverity.Error, isEnabledByDefault: true);
}
