namespace NetLoop.Generators.Caching;

/// <summary>A hash of 64 bits, long enough that two different states of a program do not collide.</summary>
internal static class Hash
{
    /// <summary>The hash of an empty sequence.</summary>
    public const ulong Empty = 0xcbf29ce484222325;

    private const ulong Prime = 0x100000001b3;

    /// <summary>Adds a number.</summary>
    public static ulong With(this ulong hash, ulong number)
    {
        hash = unchecked((hash ^ number) * 0x9e3779b97f4a7c15);
        return hash ^ (hash >> 32);
    }

    /// <summary>Adds a text.</summary>
    public static ulong With(this ulong hash, string text)
    {
        foreach (char unit in text)
        {
            hash = unchecked((hash ^ unit) * Prime);
        }

        return unchecked((hash ^ 0xFFFF) * Prime);
    }
}
