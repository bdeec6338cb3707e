namespace NetLoop.Mutations.Places;

/// <summary>Chooses places by a seed: first the kind of mistake and the folder, each about equally often, then a type, a method and a place.</summary>
internal static class Draw
{
    private const int MaxAttempts = 100;

    /// <summary>Chooses.</summary>
    /// <param name="places">All places.</param>
    /// <param name="seed">The same seed chooses the same places from the same list.</param>
    /// <param name="count">Number of places, all different.</param>
    public static IReadOnlyList<Place> Choose(IReadOnlyList<Place> places, int seed, int count)
    {
        Random random = new(seed);
        ILookup<(string Family, string Folder), Place> byBoth = places.ToLookup(place => (place.Family, place.Folder));
        Bag families = new([.. places.Select(place => place.Family).Distinct()], random);
        Bag folders = new([.. places.Select(place => place.Folder).Distinct()], random);
        List<Place> chosen = [];
        for (int attempt = 0; chosen.Count < count && attempt < count * MaxAttempts; attempt++)
        {
            List<Place> candidates = [.. byBoth[(families.Take(), folders.Take())]];
            if (candidates.Count > 0)
            {
                List<Place> ofType = One(candidates, place => place.Type, random);
                List<Place> ofMethod = One(ofType, place => place.Method, random);
                Place place = ofMethod[random.Next(ofMethod.Count)];
                if (!chosen.Contains(place))
                {
                    chosen.Add(place);
                }
            }
        }

        return chosen;
    }

    private static List<Place> One(List<Place> places, Func<Place, string> key, Random random)
    {
        List<IGrouping<string, Place>> groups = [.. places.GroupBy(key)];
        return [.. groups[random.Next(groups.Count)]];
    }

    /// <summary>Returns each of its items once before it repeats one.</summary>
    private sealed class Bag(string[] words, Random random)
    {
        private int _taken = words.Length;

        public string Take()
        {
            if (_taken == words.Length)
            {
                random.Shuffle(words);
                _taken = 0;
            }

            return words[_taken++];
        }
    }
}
