namespace NetLoop.MessagePack.Formatters;

/// <summary>As large as what a dictionary keeps for each pair.</summary>
internal readonly record struct MapEntry<TKey, TValue>(int Hash, int Next, TKey Key, TValue Value);
