using NetLoop.Demo.Contracts;
using NetLoop.Demo.Contracts.TypeScript;
using NUnit.Framework;

namespace NetLoop.Tests.Demo.Contracts.TypeScript;

/// <summary>Names in a script.</summary>
[TestFixture]
[Parallelizable]
public sealed class ScriptNamesTests
{
    [TestCase("Game.Move", "Move")]
    [TestCase("Move", "Move")]
    [TestCase("Game.Map", "GameMap", Description = "the language has a Map")]
    [TestCase("Game.Box<int?>", "BoxOfIntOrNull")]
    [TestCase("Game.Pair<Game.Point, string[]>", "PairOfGamePointAndStringArray")]
    [TestCase("Date", "Date2")]
    public void Of_Contract_IsAnIdentifierThatNobodyHas(string contract, string expected) =>
        Assert.That(new ScriptNames([contract]).Of(contract), Is.EqualTo(expected));

    [Test]
    public void Of_TwoContractsOfOneName_AreToldApart()
    {
        var names = new ScriptNames(["A.Point", "B.Point", "Point"]);
        Assert.That(new[] { names.Of("A.Point"), names.Of("B.Point"), names.Of("Point") }, Is.EqualTo(new[] { "Point", "BPoint", "Point2" }));
    }

    [TestCase("0 Tick: uint32", "tick")]
    [TestCase("0 ID: uint32", "id")]
    [TestCase("0 URLText: string", "urlText")]
    [TestCase("0 x: float32", "x")]
    [TestCase("\"a\\\"b\\\\c\\n\\u001b\": string", "a\"b\\c\n\u001b", Description = "escaped as in C#")]
    [TestCase("\"Some name\": string", "Some name", Description = "a key by name is what it is on the wire")]
    public void OfMembers_One_IsAsScriptsSpell(string line, string expected) =>
        Assert.That(ScriptNames.OfMembers([ContractMember.Parse(line)!]), Is.EqualTo(new[] { expected }));

    [Test]
    public void OfMembers_NamesThatDifferByCaseOnly_AreAsInCSharp() => Assert.That(
        ScriptNames.OfMembers(
            [.. new[] { "0 X: int32", "1 x: int32", "2 Id: int32", "3 ID: int32", "4 Name: string" }.Select(line => ContractMember.Parse(line)!)]),
        Is.EqualTo(new[] { "X", "x", "Id", "ID", "name" }));
}
