using System.Globalization;
using System.Text.Encodings.Web;

namespace NetLoop.Demo.Contracts.TypeScript;

/// <summary>A member of a contract, as a script has it.</summary>
/// <param name="Source">Of the description.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Local">The variable that holds it while its contract is read.</param>
/// <param name="Type">Its type.</param>
/// <param name="Comment">What its documentation says; null for nothing.</param>
internal sealed record ScriptMember(ContractMember Source, string Name, string Local, ScriptType Type, string? Comment)
{
    // In a literal this name would set the object's prototype instead of a property.
    private const string Prototype = "__proto__";

    /// <summary>Its place in an array.</summary>
    public int Index => int.Parse(Source.Key, NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>A reader refuses a value without it.</summary>
    public bool IsRequired => Source.IsRequired || Type.Missing is null;

    /// <summary>Its name in an interface: quoted unless it is an identifier.</summary>
    public string Property => IsIdentifier ? Name : Quote(Name);

    /// <summary>Its name as a key of an object's literal.</summary>
    public string LiteralKey => Name == Prototype ? $"[{Quote(Name)}]" : Property;

    /// <summary>How it is reached behind a value.</summary>
    public string Access => IsIdentifier ? "." + Name : $"[{Quote(Name)}]";

    private bool IsIdentifier =>
        Name.Length > 0 && !char.IsAsciiDigit(Name[0]) && Name.All(unit => char.IsAsciiLetterOrDigit(unit) || unit == '_');

    /// <summary>A literal of a script.</summary>
    public static string Quote(string text) => "\"" + JavaScriptEncoder.Default.Encode(text) + "\"";
}
