using NetLoop.Demo.Contracts;
using NUnit.Framework;

namespace NetLoop.Tests.Demo.Contracts;

[TestFixture]
[Parallelizable]
public sealed class ContractComparisonTests
{
    private const string Locked = """
        # A comment.
        contract Game.Settings: map
          "volume": uint8
          "a: \": b": Game.Box<int>, required

        contract Game.Pet: union
          0: Game.Dog
          1: Game.Cat
        message 100 Game.Move: array
          0 Tick: uint32
          1 X: float32
          3 Y: float32
          4 Tag: string?
        message 101 Game.Say: array
          0 Text: string
          1 Tree: Game.Tree, required
        """;

    [Test]
    public void Compare_SameText_FindsNothing() => Assert.That(ContractComparison.Compare(Parse(Locked), Parse(Locked)), Is.Empty);

    [TestCase("  4 Tag: string?", "  4 Tag: string?\n  5 Health: int32", "message 100 Game.Move: member Health is new; old programs skip it")]
    [TestCase("  1 X: float32", "  1 X: float32\n  2 Note: string?", "message 100 Game.Move: member Note is new; old programs skip it")]
    [TestCase("  \"volume\": uint8", "  \"volume\": uint8\n  \"pitch\": uint8", "contract Game.Settings: member \"pitch\" is new")]
    [TestCase(
        "  \"volume\": uint8\n", "", "contract Game.Settings: member \"volume\" was removed; old programs take its default. Never use key \"volume\" again")]
    [TestCase("  4 Tag: string?\n", "", "message 100 Game.Move: member Tag was removed; old programs take its default. Never use key 4 again")]
    [TestCase("message 101", "message 99 Game.New: array\nmessage 101", "message 99 Game.New: is new; old programs neither send it nor handle it")]
    [TestCase("101 Game.Say", "101 Game.Speak", "message 101 Game.Say: is called Game.Speak now")]
    [TestCase("0 Text: string", "0 Words: string", "message 101 Game.Say: member Text is called Words now")]
    public void Compare_ChangeThatOldProgramsDoNotNotice_IsCompatible(string old, string changed, string expected) =>
        AssertOnly(old, changed, expected, isBreaking: false);

    [TestCase("0 Tick: uint32", "0 Tick: uint64", "message 100 Game.Move: member Tick was uint32 and is uint64")]
    [TestCase("0 Text: string", "0 Text: string?", "message 101 Game.Say: member Text was string and is string?")]
    [TestCase("1 X: float32", "1 Name: string", "message 100 Game.Move: key 1 was 'X: float32' and is 'Name: string'; a key is never used again")]
    [TestCase(
        "  1 X: float32\n", "", "message 100 Game.Move: member X was removed from the middle; old programs find nil in its place, which a float32 is not")]
    [TestCase(
        "  1 X: float32",
        "  1 X: float32\n  2 Z: float32",
        "message 100 Game.Move: member Z is new in the middle, where old programs send nil, which a float32 is not")]
    [TestCase("  1 Tree: Game.Tree, required", "", "message 101 Game.Say: member Tree was removed, and old programs reject a value without it")]
    [TestCase("  4 Tag: string?", "  4 Tag: string?\n  5 Tree: Game.Tree, required", "message 100 Game.Move: member Tree is new and required")]
    [TestCase("101 Game.Say", "102 Game.Say", "message 101 Game.Say: has number 102 now; keep the old one")]
    [TestCase("message 101 Game.Say", "contract Game.Say", "message 101 Game.Say: is no longer a message")]
    [TestCase("100 Game.Move: array", "100 Game.Move: map", "message 100 Game.Move: was array and is map")]
    [TestCase("100 Game.Move: array", "100 Game.Move: opaque Game.Codec", "message 100 Game.Move: was array and is opaque Game.Codec")]
    [TestCase("  1: Game.Cat\n", "", "contract Game.Pet: tag 1, Game.Cat, was removed; old programs still send it")]
    [TestCase("  1: Game.Cat", "  1: Game.Cow", "contract Game.Pet: tag 1 was Game.Cat and is Game.Cow")]
    [TestCase("  1: Game.Cat", "  1: Game.Cat\n  2: Game.Cow", "contract Game.Pet: tag 2, Game.Cow, is new; old programs reject it")]
    public void Compare_ChangeThatBreaksOldPrograms_IsBreaking(string old, string changed, string expected) =>
        AssertOnly(old, changed, expected, isBreaking: true);

    [Test]
    public void Compare_MembersSwapped_IsBreakingForBoth()
    {
        string swapped = Locked.Replace("1 X", "1 ?", StringComparison.Ordinal)
            .Replace("3 Y", "3 X", StringComparison.Ordinal)
            .Replace("1 ?", "1 Y", StringComparison.Ordinal);
        IReadOnlyList<ContractChange> changes = ContractComparison.Compare(Parse(Locked), Parse(swapped));
        Assert.That(changes, Has.Count.EqualTo(2).And.All.Property("IsBreaking").True);
        Assert.That(changes[0].What, Does.StartWith("key 1 was 'X: float32' and is 'Y: float32'"));
    }

    [Test]
    public void Compare_MessageRemoved_IsBreaking() =>
        Assert.That(
            ContractComparison.Compare(Parse(Locked), Parse(Locked[..Locked.IndexOf("message 101", StringComparison.Ordinal)])),
            Is.EqualTo(new[] { new ContractChange("message 101 Game.Say", "was removed; old programs still send it, and nobody handles it", true) }));

    [TestCase("  0 Tick: uint32", 1)]
    [TestCase("message x Game.Move: array", 1)]
    [TestCase("message 100 Game.Move", 1)]
    [TestCase("# one\n\nmessage 100 Game.Move: array\n  nonsense", 4)]
    public void Parse_AnythingElse_SaysWhichLine(string text, int line) =>
        Assert.That(() => ContractSet.Parse(text), Throws.InstanceOf<FormatException>().With.Message.StartsWith($"line {line} is"));

    [Test]
    public void Fingerprint_OfThisAssembly_IsTheGeneratedOne() =>
        Assert.That(ContractSet.Parse(NetContracts.Description).Fingerprint, Is.EqualTo(NetContracts.Fingerprint));

    private static ContractSet Parse(string text) => ContractSet.Parse(text);

    private static void AssertOnly(string old, string changed, string expected, bool isBreaking)
    {
        Assert.That(Locked, Does.Contain(old));
        ContractChange change = ContractComparison.Compare(Parse(Locked), Parse(Locked.Replace(old, changed, StringComparison.Ordinal))).Single();
        Assert.That($"{change.Contract}: {change.What}", Does.StartWith(expected));
        Assert.That(change.IsBreaking, Is.EqualTo(isBreaking));
    }
}
