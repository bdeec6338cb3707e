namespace NetLoop.Demo.Page;

/// <summary>Server to page, twice a second: the networks of the bots on UDP.</summary>
/// <param name="Bots">At most <see cref="MaxBots"/> of them; those in the part of the arena that the page shows come first.</param>
[NetMessage(138, Delivery = Delivery.Sequenced)]
internal readonly partial record struct Links([property: Key(0)] List<Link> Bots)
{
    /// <summary>Maximum number of bots.</summary>
    public const int MaxBots = 100;
}
