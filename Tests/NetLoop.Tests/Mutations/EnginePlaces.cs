extern alias mutations;

using mutations::NetLoop.Mutations.Places;

namespace NetLoop.Tests.Mutations;

/// <summary>All places of the engine that these tests use, found once.</summary>
internal static class EnginePlaces
{
    private static readonly Lazy<IReadOnlyList<Place>> AllPlaces = new(Find);

    public static string EnginePath => typeof(NetServer).Assembly.Location;

    public static IReadOnlyList<Place> All => AllPlaces.Value;

    private static IReadOnlyList<Place> Find()
    {
        using EngineImage image = new(EnginePath);
        return PlaceFinder.FindAll(image);
    }
}
