using NetLoop.Worlds.Guests;

namespace NetLoop.Worlds;

/// <content>The guests that the seed draws.</content>
internal sealed partial class WorldSettings
{
    private const ulong GuestStream = 62;

    /// <summary>The guests that visit the world when it is quiet, each kind at most once.</summary>
    public IReadOnlyList<GuestKind> Guests { get; private set; } = [];

    private void DrawGuests(SeededRandom random)
    {
        GuestKind[] kinds = Enum.GetValues<GuestKind>();
        if (Options.Kind == WorldKind.Features)
        {
            GuestKind first = kinds[random.Next(kinds.Length)];
            Guests = [.. kinds.Where(kind => random.Chance(0.3) || kind == first)];
            return;
        }

        // In other worlds few come, and only where there is room for their messages.
        int count = random.Chance(0.15) ? random.Between(1, 2) : 0;
        bool hasRoom = !IsThreaded
            && !IsSlow
            && Descriptors == 0
            && MaxConnections > Clients + 64
            && MaxBodyBytes >= 65_536
            && MaxSendQueueBytes >= 65_536
            && MaxInboxBytes >= 65_536
            && MaxBufferBytes >= 8L << 20;
        GuestKind[] drawn = [.. Enumerable.Range(0, count).Select(_ => kinds[random.Next(kinds.Length)])];
        Guests = hasRoom && Options.Kind is WorldKind.Swarm or WorldKind.Dense ? [.. drawn.Distinct()] : [];
    }
}
