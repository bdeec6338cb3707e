extern alias mutations;

using mutations::NetLoop.Mutations.Places;
using mutations::NetLoop.Mutations.Recorded;
using NUnit.Framework;

namespace NetLoop.Tests.Mutations;

/// <summary>The table of planted bugs must go with the engine.</summary>
internal sealed class RecordedBugTests
{
    /// <summary>When it fails, the engine has changed there: <c>mutations repair</c> writes what can be found again.</summary>
    [Test]
    public void Load_EveryRecordedBug_HasItsPlaceInTheEngine()
    {
        Dictionary<string, Place> places = EnginePlaces.All.ToDictionary(place => place.Id);
        string[] lost = [.. RecordedBugs.Load().Where(bug => !places.TryGetValue(bug.Id, out Place? place) || place.Words != bug.Words).Select(bug => bug.Id)];
        Assert.That(lost, Is.Empty);
    }
}
