using System.Xml.Linq;
using NetLoop.Demo.Contracts;
using NetLoop.Demo.Contracts.TypeScript;
using NUnit.Framework;

namespace NetLoop.Tests.Demo.Contracts.TypeScript;

/// <summary>The text of a client.</summary>
[TestFixture]
[Parallelizable]
public sealed class ScriptEmitterTests
{
    private const string Contracts = """
        contract Game.Point: array
          0 X: float32
          1 Y: float32
        message 100 Game.Move: array
          0 Tick: int64
          2 Path: array<Game.Point>?
        """;

    [Test]
    public void Emit_OpaqueContract_ThrowsWhenItIsUsed()
    {
        string script = ScriptEmitter.Emit(
            ContractSet.Parse(Contracts.Replace("Point: array", "Point: opaque Game.Codec", StringComparison.Ordinal)), ContractComments.None, "Game",
            Int64Form.BigInt, withTypes: true);
        Assert.That(script, Does.Contain(
            """
            export type Point = unknown;

            /** contract Game.Point */
            export const Point: Contract<Point> = {
              name: "Game.Point",
              write(writer: Writer, value: Point): void {
                throw new TypeError("Game.Point is opaque Game.Codec: only that codec knows its bytes");
              },
              read(reader: Reader): Point {
                throw new TypeError("Game.Point is opaque Game.Codec: only that codec knows its bytes");
              },
            };
            """.ReplaceLineEndings("\n")));
    }

    [Test]
    public void Emit_TypeScript_HasInterfacesAndContracts()
    {
        string script = ScriptEmitter.Emit(ContractSet.Parse(Contracts), ContractComments.None, "Game", Int64Form.BigInt, withTypes: true);
        Assert.That(script, Does.StartWith("// The NetLoop client of Game"));
        Assert.That(script, Does.EndWith(
            """
            export interface Move {
              tick: bigint;
              path: Point[] | null;
            }

            /** message 100 Game.Move */
            export const Move: MessageContract<Move> = {
              name: "Game.Move",
              type: 100,
              write(writer: Writer, value: Move): void {
                writer.arrayHeader(3);
                writer.int64(value.tick);
                writer.nil();
                writer.nullable(value.path, (some) => writer.array(some, (item) => Point.write(writer, item)));
              },
              read(reader: Reader): Move {
                const count = reader.beginArray();
                const m0: bigint = count > 0 ? reader.int64() : 0n;
                if (count > 1) reader.skip();
                const m1: Point[] | null = count > 2 ? reader.nullable(() => reader.array(() => Point.read(reader))) : null;
                reader.finish(count - 3);
                return { tick: m0, path: m1 };
              },
            };

            """.ReplaceLineEndings("\n")));
    }

    [Test]
    public void Emit_RequestThatDeclaresItsResponse_KnowsIt()
    {
        string script = ScriptEmitter.Emit(
            ContractSet.Parse(Contracts).WithResponses("Game.Move: Game.Point\nGame.Elsewhere: Game.Point\n"), ContractComments.None, "Game", Int64Form.BigInt,
            withTypes: true);
        Assert.That(script, Does.Contain(
            """
            export const Move: RequestContract<Move, Point> = {
              name: "Game.Move",
              type: 100,
              get response(): Contract<Point> {
                return Point;
              },
            """.ReplaceLineEndings("\n")));
    }

    [Test]
    public void Emit_ResponseOfAnotherAssembly_IsLeftOut() => Assert.That(
        ScriptEmitter.Emit(
            ContractSet.Parse(Contracts).WithResponses("Game.Move: Shared.Point\n"), ContractComments.None, "Game", Int64Form.BigInt, withTypes: true),
        Does.Contain("export const Move: MessageContract<Move> = {"));

    [Test]
    public void Read_AssemblyWithRequests_HasTheirResponses()
    {
        ContractSet contracts = AssemblyContracts.Read(typeof(ScriptEmitterTests).Assembly.Location);
        ContractShape divide = contracts.Contracts.Single(contract => contract.Name == "NetLoop.Tests.Hosting.Divide");
        Assert.That(divide.Response, Is.EqualTo("NetLoop.Tests.Hosting.Quotient"));
    }

    [Test]
    public void Emit_JavaScript_HasNoTypes()
    {
        string script = ScriptEmitter.Emit(ContractSet.Parse(Contracts), ContractComments.None, "Game", Int64Form.Number, withTypes: false);
        Assert.That(script, Does.Contain("\nexport const Move = {\n"));
        Assert.That(script, Does.Contain("const m0 = count > 0 ? reader.int64AsNumber() : 0;"));
        Assert.That(script, Does.Not.Contain("interface").And.Not.Contain(": Reader").And.Not.Contain("private ").And.Not.Contain('‹'));
    }

    [Test]
    public void Emit_TypeOfANewerNetLoop_IsRejected() => Assert.That(
        () => ScriptEmitter.Emit(ContractSet.Parse("contract A: array\n  0 X: int256\n"), ContractComments.None, "Game", Int64Form.BigInt, withTypes: true),
        Throws.TypeOf<FormatException>().With.Message.Contains("'int256'"));

    [Test]
    public void Emit_Vectors_AreTuplesOfTheirLength()
    {
        string script = ScriptEmitter.Emit(
            ContractSet.Parse("contract A: array\n  0 At: vector3\n  1 Path: array<vector2?>\n"), ContractComments.None, "Game", Int64Form.BigInt,
            withTypes: true);
        Assert.That(script, Does.Contain("  at: [number, number, number];\n  path: ([number, number] | null)[];"));
        Assert.That(script, Does.Contain("reader.floats(3, 32) as [number, number, number] : [0, 0, 0];"));
    }

    [Test]
    public void Emit_Comments_StandOnTypesAndMembers()
    {
        ContractComments comments = ContractComments.Parse(XDocument.Parse("""
            <doc><members>
              <member name="T:Game.Point"><summary>Where
                somebody is */, see <see cref="T:Game.Move"/>.</summary></member>
              <member name="F:Game.Point.X"><summary>To the <c>east</c>, in ‹meters›.</summary></member>
              <member name="T:Game.Move"><summary>A step.</summary><param name="Tick">Of the <paramref name="Path"/>.</param></member>
            </members></doc>
            """));
        string script = ScriptEmitter.Emit(ContractSet.Parse(Contracts), comments, "Game", Int64Form.BigInt, withTypes: true);
        Assert.That(script, Does.Contain(
            """
            /** Where somebody is *\/, see Move. */
            export interface Point {
              /** To the `east`, in <meters>. */
              x: number;
              y: number;
            }
            """.ReplaceLineEndings("\n")));
        Assert.That(script, Does.Contain("/** A step. */\nexport interface Move {\n  /** Of the Path. */\n  tick: bigint;"));
    }

    [Test]
    public void ReadBeside_AssemblyWithDocumentation_FindsGenericContractsAndParameters()
    {
        ContractComments comments = ContractComments.ReadBeside(typeof(NetServer).Assembly.Location);
        Assert.That(comments.OfContract(typeof(NetServer).FullName!), Is.Not.Null);
        Assert.That(comments.OfContract("NetLoop.INetMessage<int>"), Does.StartWith("A contract with its own type number"));
        Assert.That(comments.OfMember(typeof(DecodeLimits).FullName!, nameof(DecodeLimits.MaxDepth)), Is.Not.Null);
        Assert.That(comments.OfMember(typeof(DecodeLimits).FullName!, "Nothing"), Is.Null);
    }
}
