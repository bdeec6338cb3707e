namespace NetLoop.MessagePack.Formatters;

/// <summary>Has the same size as a dictionary's entry for a pair.</summary>
internal readonly record struct MapEntry<TKey, TValue>(int Hash, int Next, TKey Key, TValue Value);
