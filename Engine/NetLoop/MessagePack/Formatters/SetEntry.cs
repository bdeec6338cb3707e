namespace NetLoop.MessagePack.Formatters;

/// <summary>Has the same size as a hash set's entry for an item. A tuple may not, because the runtime may choose its layout.</summary>
internal readonly record struct SetEntry<T>(int Hash, int Next, T Item);
