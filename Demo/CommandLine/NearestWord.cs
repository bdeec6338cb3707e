namespace NetLoop.Demo.CommandLine;

/// <summary>Finds the word that a person may have meant.</summary>
internal static class NearestWord
{
    /// <summary>Maximum length. No known word is longer, and the comparison takes time proportional to the product of the lengths.</summary>
    private const int Longest = 64;

    /// <summary>Finds the word that needs the fewest changes, if at most one letter in three is wrong.</summary>
    /// <param name="typed">What was typed.</param>
    /// <param name="words">The known words.</param>
    /// <returns>Null if no word is near.</returns>
    public static string? Find(string typed, IEnumerable<string> words)
    {
        if (typed.Length > Longest)
        {
            return null;
        }

        int most = typed.TrimStart('-').Length / 3;
        return words.Select(word => (Word: word, Changes: CountChanges(typed, word)))
            .Where(candidate => candidate.Changes <= most)
            .OrderBy(candidate => candidate.Changes)
            .Select(candidate => candidate.Word)
            .FirstOrDefault();
    }

    // Counts letters that are left out, added or replaced, and neighboring letters that are swapped (optimal string alignment).
    private static int CountChanges(string one, string other)
    {
        int[,] changes = new int[one.Length + 1, other.Length + 1];
        for (int i = 0; i <= one.Length; i++)
        {
            for (int j = 0; j <= other.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    changes[i, j] = i + j;
                    continue;
                }

                int replaced = changes[i - 1, j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1);
                changes[i, j] = Math.Min(replaced, Math.Min(changes[i - 1, j], changes[i, j - 1]) + 1);
                if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
                {
                    changes[i, j] = Math.Min(changes[i, j], changes[i - 2, j - 2] + 1);
                }
            }
        }

        return changes[one.Length, other.Length];
    }
}
