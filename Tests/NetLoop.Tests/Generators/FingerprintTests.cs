using System.Globalization;
using System.Text;
using NUnit.Framework;

namespace NetLoop.Tests.Generators;

[Parallelizable]
public sealed class FingerprintTests
{
    private const string Point = "[NetContract] public partial record struct Point([property: Key(0)] float X, [property: Key(1)] float Y);";
    private const string Move = "[NetMessage(100)] public partial record struct Move([property: Key(0)] uint Tick, [property: Key(1)] List<Point>? Path);";
    private const string Say = "[NetMessage(101)] public partial record struct Say([property: Key(0)] string Text);";

    [Test]
    public void Description_HasALineForEachMessageContractAndMember() => Assert.That(
        GeneratorRun.Description(
            "namespace Game;" + Point
            + "[NetMessage(100)] public partial record Move([property: Key(0)] uint Tick, [property: Key(2)] Dictionary<int, Point[]>? Path, "
                + "[property: Key(3)] Settings Settings, [property: Key(4)] Box<string?> Box);"
            + "[NetContract] public partial class Settings { [Key(\"volume\")] public byte Volume; [Key(\"pet\")] public IPet? Pet; }"
            + "[NetContract] public partial class Box<T> { [Key(0)] public T Value { get; set; } = default!; }"
            + "[NetContract] public partial class Unreached { [Key(0)] public int X; }"
            + "[Union(2, typeof(Dog))] public partial interface IPet; [NetContract] public partial class Dog : IPet { }"),
        Does.Contain(
            """
                public const string Description =
                    "contract Game.Box<string?>: array\n"
                    + "  0 Value: string?, required\n"
                    + "contract Game.Dog: array\n"
                    + "contract Game.IPet: union\n"
                    + "  2: Game.Dog\n"
                    + "contract Game.Point: array\n"
                    + "  0 X: float32\n"
                    + "  1 Y: float32\n"
                    + "contract Game.Settings: map\n"
                    + "  \"volume\": uint8\n"
                    + "  \"pet\": Game.IPet?\n"
                    + "contract Game.Unreached: array\n"
                    + "  0 X: int32\n"
                    + "message 100 Game.Move: array\n"
                    + "  0 Tick: uint32\n"
                    + "  2 Path: map<int32, array<Game.Point>>?\n"
                    + "  3 Settings: Game.Settings, required\n"
                    + "  4 Box: Game.Box<string?>, required\n";
            }

            """.ReplaceLineEndings("\n")));

    [Test]
    public void Requests_NameTheirResponses_AndAreNoPartOfTheFingerprint()
    {
        const string Answer = "[NetContract] public partial record struct Answer;";
        const string Ask = "[NetMessage(100)] public partial record struct Ask";
        const string B = "[NetMessage(101)] public partial record B : INetRequest<B>;";
        string text = GeneratorRun.Description($"namespace Game; {Ask} : INetRequest<Answer>; {Answer} {B}")!;
        Assert.That(text, Does.Contain("    public const string Requests =\n        \"Game.Ask: Game.Answer\\n\"\n        + \"Game.B: Game.B\\n\";\n"));
        Assert.That(GeneratorRun.Description(Ask + ";" + Answer), Does.Not.Contain("Requests"));
        Assert.That(Fingerprint($"{Ask} : INetRequest<Answer>; {Answer}"), Is.EqualTo(Fingerprint($"{Ask}; {Answer}")));
    }

    [Test]
    public void Fingerprint_IsTheDocumentedHash()
    {
        const string description = "message 101 Say: array\n  0 Text: string\n";
        ulong hash = 14_695_981_039_346_656_037;
        foreach (byte unit in Encoding.UTF8.GetBytes(description))
        {
            hash = unchecked((hash ^ unit) * 1_099_511_628_211);
        }

        Assert.That(Fingerprint(Say), Is.EqualTo(hash.ToString("x16", CultureInfo.InvariantCulture)));
    }

    [Test]
    public void Fingerprint_OtherOrderOrFiles_IsTheSame()
    {
        string expected = Fingerprint(Point, Move, Say);
        Assert.That(Fingerprint(Say, Move, Point), Is.EqualTo(expected));
        Assert.That(Fingerprint(Say + Move + Point), Is.EqualTo(expected));
        Assert.That(Fingerprint(Point, Move, Say, "public class Other;"), Is.EqualTo(expected));
        Assert.That(Fingerprint(Point, Move.Replace("List<Point>", "Point[]", StringComparison.Ordinal), Say), Is.EqualTo(expected), "the same on the wire");
    }

    [TestCase("uint Tick", "int Tick")]
    [TestCase("Tick", "Tock")]
    [TestCase("Key(1)", "Key(2)")]
    [TestCase("100", "102")]
    [TestCase("Path", "Path, [property: Key(3)] int More = 0", Description = "member appended")]
    public void Fingerprint_AnyChangeOfAMessage_IsAnother(string old, string changed) =>
        Assert.That(Fingerprint(Point, Move.Replace(old, changed, StringComparison.Ordinal)), Is.Not.EqualTo(Fingerprint(Point, Move)));

    [Test]
    public void Fingerprint_ChangeOfAReachedContract_IsAnother() =>
        Assert.That(Fingerprint(Point.Replace("float Y", "double Y", StringComparison.Ordinal), Move), Is.Not.EqualTo(Fingerprint(Point, Move)));

    [Test]
    public void Fingerprint_ContractThatNoMessageHasInside_Counts() => Assert.That(
        Fingerprint(Say, "[NetContract] public partial record struct Answer([property: Key(0)] int Code);"), Is.Not.EqualTo(Fingerprint(Say)),
        "it may answer a request");

    [Test]
    public void Description_MessageInAMessage_IsThereOnce()
    {
        string description = GeneratorRun.Description(Say, "[NetMessage(100)] public partial record struct Outer([property: Key(0)] Say Inner);")!;
        Assert.That(description.Split("message 101 Say: array"), Has.Length.EqualTo(2));
        Assert.That(description, Does.Not.Contain("\"contract "));
    }

    [Test]
    public void Description_WithoutMessages_IsNotWritten() => Assert.That(GeneratorRun.Description(Point), Is.Null);

    [Test]
    public void ThisAssembly_HasAFingerprint()
    {
        Assert.That(NetContracts.Fingerprint, Is.Not.Zero);
        Assert.That(NetContracts.Fingerprint, Is.Not.EqualTo(global::NetLoop.Demo.NetContracts.Fingerprint));
        Assert.That(NetContracts.Description, Does.Contain("message 100 NetLoop.Tests.Generators.PlayerMove: array\n  0 Sequence: uint32\n"));
    }

    private static string Fingerprint(params string[] sources)
    {
        string file = GeneratorRun.Description(sources)!;
        int start = file.IndexOf("=> 0x", StringComparison.Ordinal) + "=> 0x".Length;
        return file.Substring(start, 16);
    }
}
