using System.Runtime.CompilerServices;

namespace NetLoop.Worlds;

/// <summary>The text of a broken invariant, formatted only if the invariant is broken.</summary>
[InterpolatedStringHandler]
internal ref struct RequireText
{
    private DefaultInterpolatedStringHandler _text;

    public RequireText(int literalLength, int formattedCount, bool holds, out bool isBroken)
    {
        isBroken = !holds;
        _text = holds ? default : new DefaultInterpolatedStringHandler(literalLength, formattedCount);
    }

    public void AppendLiteral(string text) => _text.AppendLiteral(text);

    public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

    public string Take() => _text.ToStringAndClear();
}
