extern alias mutations;

using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using mutations::NetLoop.Mutations.Nets;
using mutations::NetLoop.Mutations.Places;
using NUnit.Framework;

namespace NetLoop.Tests.Mutations;

internal sealed class PlaceFinderTests
{
    private const int Families = 17;

    [Test]
    public void FindAll_Engine_HasPlacesOfEveryKindWithNamesOfTheirOwn()
    {
        Assert.That(EnginePlaces.All.Select(place => place.Family).Distinct().Count(), Is.EqualTo(Families));
        Assert.That(EnginePlaces.All.Select(place => place.Id), Is.Unique);
        Assert.That(EnginePlaces.All, Has.All.Matches<Place>(place => place.Line > 0 && File.Exists(SourceOf(place))));
    }

    [Test]
    public void TryAdd_OnePlaceOfEveryOperator_MakesCodeThatCompiles()
    {
        Place[] places =
        [
            .. from kind in EnginePlaces.All.Where(
                place => !place.Method.EndsWith(".ctor", StringComparison.Ordinal) && !place.Method.Contains('`')).GroupBy(place => place.Operator)
               select kind.ElementAt(kind.Count() / 2),
        ];
        using EngineImage image = new(EnginePlaces.EnginePath);
        BugSwitch engine = new(image);
        int added = places.Index().Count(place => engine.TryAdd(place.Item.Id, place.Index + 1));
        Assert.That(added, Is.GreaterThan(places.Length / 2));
        Assert.That(Compile(engine.ToBytes()), Is.EqualTo(added));
    }

    [Test]
    public void Apply_Place_IsThePlaceThatWasFound()
    {
        Place place = EnginePlaces.All.First(known => known.Operator == "count:lost" && known.Type == "Time.TimerQueue");
        using EngineImage image = new(EnginePlaces.EnginePath);
        Assert.That(PlaceFinder.Apply(image, place.Id), Is.EqualTo(place));
    }

    [TestCase("")]
    [TestCase("TimerQueue")]
    [TestCase("Time.TimerQueue.FreeSlot/nothing/0")]
    [TestCase("Time.TimerQueue.Nothing/call/0")]
    [TestCase("Time.TimerQueue.FreeSlot/call/x")]
    [TestCase("Time.TimerQueue.FreeSlot/call/9999")]
    public void Apply_NoSuchPlace_ChangesNothing(string id)
    {
        using EngineImage image = new(EnginePlaces.EnginePath);
        Assert.That(PlaceFinder.Apply(image, id), Is.Null);
    }

    [Test]
    public void Choose_SameSeed_ChoosesTheSame()
    {
        IReadOnlyList<Place> first = Draw.Choose(EnginePlaces.All, seed: 5, count: 40);
        Assert.That(Draw.Choose(EnginePlaces.All, seed: 5, count: 40), Is.EqualTo(first));
        Assert.That(Draw.Choose(EnginePlaces.All, seed: 6, count: 40), Is.Not.EqualTo(first));
        Assert.That(first, Has.Count.EqualTo(40).And.Unique);
        Assert.That(first.Select(place => place.Family).Distinct().Count(), Is.GreaterThan(10));
        Assert.That(first.Select(place => place.Folder).Distinct().Count(), Is.GreaterThan(10));
    }

    private static string SourceOf(Place place) => Path.Combine(Demo.Repository.Root, "Engine", "NetLoop", place.File);

    /// <summary>Compiles the methods that have a bug.</summary>
    /// <returns>The number of methods.</returns>
    private static int Compile(byte[] engine)
    {
        const BindingFlags All = BindingFlags.Static | BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        AssemblyLoadContext context = new("bugs", isCollectible: true);
        Assembly assembly = context.LoadFromStream(new MemoryStream(engine));
        MethodInfo[] methods = [.. assembly.GetTypes().SelectMany(type => type.GetMethods(All)).Where(method => method.Name is ['<', >= '1' and <= '9', ..])];
        Array.ForEach(methods, method => RuntimeHelpers.PrepareMethod(method.MethodHandle));
        context.Unload();
        return methods.Length;
    }
}
