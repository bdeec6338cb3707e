using System.Text;

namespace NetLoop.Demo.Contracts.TypeScript;

/// <summary>TypeScript is JavaScript with types. A script that is written here has its types between ‹ and ›, and can be rendered in both languages.</summary>
internal static class ScriptDialect
{
    private const char TypesBegin = '‹';
    private const char TypesEnd = '›';

    /// <summary>Returns a text without the characters that mark types.</summary>
    public static string Plain(string text) => text.Replace(TypesBegin, '<').Replace(TypesEnd, '>');

    /// <summary>Renders a script in one of the two languages.</summary>
    /// <param name="marked">A script whose types are marked. Marks do not nest.</param>
    /// <param name="withTypes">True for TypeScript, false for JavaScript.</param>
    public static string Render(string marked, bool withTypes)
    {
        var script = new StringBuilder(marked.Length);
        bool isType = false;
        foreach (char unit in marked)
        {
            if (unit is TypesBegin or TypesEnd)
            {
                isType = unit == TypesBegin;
            }
            else if (withTypes || !isType)
            {
                script.Append(unit);
            }
        }

        return script.ToString();
    }
}
