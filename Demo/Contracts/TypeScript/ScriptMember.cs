using System.Globalization;
using System.Text.Encodings.Web;

namespace NetLoop.Demo.Contracts.TypeScript;

/// <summary>A member of a contract in a script.</summary>
/// <param name="Source">The member in the contract's description.</param>
/// <param name="Name">The member's name in the script.</param>
/// <param name="Local">The variable that holds the member while its contract is read.</param>
/// <param name="Type">The member's type.</param>
/// <param name="Comment">The member's documentation comment; null for none.</param>
internal sealed record ScriptMember(ContractMember Source, string Name, string Local, ScriptType Type, string? Comment)
{
    // In an object literal this name would set the prototype instead of a property.
    private const string Prototype = "__proto__";

    /// <summary>The index in an array.</summary>
    public int Index => int.Parse(Source.Key, NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>Whether a reader rejects a value without this member.</summary>
    public bool IsRequired => Source.IsRequired || Type.Missing is null;

    /// <summary>The name in an interface: quoted unless it is an identifier.</summary>
    public string Property => IsIdentifier ? Name : Quote(Name);

    /// <summary>The name as a key of an object literal.</summary>
    public string LiteralKey => Name == Prototype ? $"[{Quote(Name)}]" : Property;

    /// <summary>The expression that reads this member, to be written after a value.</summary>
    public string Access => IsIdentifier ? "." + Name : $"[{Quote(Name)}]";

    private bool IsIdentifier =>
        Name.Length > 0 && !char.IsAsciiDigit(Name[0]) && Name.All(unit => char.IsAsciiLetterOrDigit(unit) || unit == '_');

    /// <summary>Returns a string literal of a script.</summary>
    public static string Quote(string text) => "\"" + JavaScriptEncoder.Default.Encode(text) + "\"";
}
