namespace NetLoop.Mutations.Places;

/// <summary>One place in the engine and one way to break it.</summary>
/// <param name="Method">Name of the method, with its parameters' types if it is overloaded.</param>
/// <param name="Operator">Kind of mistake.</param>
/// <param name="Ordinal">Index among the method's places for that operator.</param>
/// <param name="File">Source file below Engine/NetLoop.</param>
/// <param name="Line">Line in that file.</param>
/// <param name="Point">Sequence point of the method.</param>
/// <param name="Words">What the change does.</param>
internal sealed record Place(string Method, string Operator, int Ordinal, string File, int Line, int Point, string Words)
{
    /// <summary>Identifies it as long as its method does not change.</summary>
    public string Id => $"{Method}/{Operator}/{Ordinal}";

    /// <summary>Folder in the engine.</summary>
    public string Folder => Path.GetDirectoryName(File)!;

    /// <summary>The operator without its variant: constant for constant+1.</summary>
    public string Family => Operator.Split('+', '-', ':')[0];

    /// <summary>Its type: the method's name without its last part.</summary>
    public string Type
    {
        get
        {
            string name = Method.Split('(')[0];
            int end = name.LastIndexOf('.');
            return end < 0 ? name : name[..end].TrimEnd('.');
        }
    }
}
