namespace NetLoop.Mutations.Nets;

/// <summary>A test, a world or a fuzz target that was run once.</summary>
/// <param name="Name">The test's full name, the kind and seed, or the target.</param>
/// <param name="Milliseconds">Time that it took.</param>
/// <param name="IsPassed">Whether it passed on the engine without bugs.</param>
/// <param name="Points">Number of sequence points that it ran: the fewer, the more specific it is.</param>
internal sealed record HitSource(string Name, double Milliseconds, bool IsPassed, int Points)
{
    public bool IsTest => Name.StartsWith("NetLoop.", StringComparison.Ordinal);

    public bool IsWorld => !IsTest && Name.Contains(' ', StringComparison.Ordinal);

    /// <summary>Full name of a test's fixture: the part before the test's own name and its arguments.</summary>
    public string Fixture
    {
        get
        {
            int end = 0;
            int depth = 0;
            bool isQuoted = false;
            for (int i = 0; i < Name.Length; i++)
            {
                char c = Name[i];
                isQuoted ^= c == '"' && Name[i - 1] != '\\';
                depth += isQuoted ? 0 : c is '(' or '<' ? 1 : c is ')' or '>' ? -1 : 0;
                if (c == '.' && depth == 0 && !isQuoted)
                {
                    end = i;
                }
            }

            return Name[..end];
        }
    }
}
