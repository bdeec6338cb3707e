using System.Text;

namespace NetLoop.Demo.Contracts.TypeScript;

/// <summary>TypeScript is JavaScript with types: what is written here carries its types between ‹ and ›, and is both.</summary>
internal static class ScriptDialect
{
    private const char TypesBegin = '‹';
    private const char TypesEnd = '›';

    /// <summary>A text without the characters that mark types.</summary>
    public static string Plain(string text) => text.Replace(TypesBegin, '<').Replace(TypesEnd, '>');

    /// <summary>Writes a script in one of the two languages.</summary>
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
