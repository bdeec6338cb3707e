extern alias mutations;

using mutations::NetLoop.Mutations.Places;
using mutations::NetLoop.Mutations.Recorded;
using NUnit.Framework;

namespace NetLoop.Tests.Mutations;

/// <summary>The table of planted bugs must match the engine.</summary>
internal sealed class RecordedBugTests
{
    private const int LeastBugs = 60;
    private const int LeastFamilies = 12;

    /// <summary>If it fails, the engine has changed there: <c>mutations repair</c> writes the entries that can be found again.</summary>
    [Test]
    public void Load_EveryRecordedBug_HasItsPlaceInTheEngine()
    {
        Dictionary<string, Place> places = EnginePlaces.All.ToDictionary(place => place.Id);
        string[] lost = [.. RecordedBugs.Load().Where(bug => !places.TryGetValue(bug.Id, out Place? place) || place.Words != bug.Words).Select(bug => bug.Id)];
        Assert.That(lost, Is.Empty);
    }

    [Test]
    public void Load_TheTable_IsLargeAndOfManyKinds()
    {
        Dictionary<string, Place> places = EnginePlaces.All.ToDictionary(place => place.Id);
        IReadOnlyList<RecordedBug> bugs = RecordedBugs.Load();
        Assert.That(bugs, Has.Count.GreaterThanOrEqualTo(LeastBugs));
        Assert.That(bugs.Select(bug => bug.Id), Is.Unique);
        Assert.That(bugs.Select(bug => places.GetValueOrDefault(bug.Id)?.Family).Distinct().Count(), Is.GreaterThanOrEqualTo(LeastFamilies));
        Assert.That(bugs, Has.All.Matches<RecordedBug>(bug => bug.Step is not null));
    }

    [Test]
    public void Readme_Table_IsTheRecordedOne()
    {
        string readme = File.ReadAllText(Path.Combine(Demo.Repository.Root, "Tests", "README.md"));
        string[] table = [.. readme.Split('\n').SkipWhile(line => line != "<!-- bugs -->").Skip(1).TakeWhile(line => line != "<!-- /bugs -->")];
        Assert.That(table, Is.EqualTo(RecordedBugs.ToMarkdown(RecordedBugs.Load())), "Write what 'mutations table' prints between the marks");
    }
}
