namespace NetLoop.MessagePack.Formatters;

/// <summary>As large as what a hash set keeps for each item, which a tuple is not: the runtime may lay that out in its own way.</summary>
internal readonly record struct SetEntry<T>(int Hash, int Next, T Item);
