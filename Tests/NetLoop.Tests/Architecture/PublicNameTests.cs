using MessagePack;
using NetLoop.Tests.Generators;
using NUnit.Framework;

namespace NetLoop.Tests.Architecture;

/// <summary>Files that use NetLoop and MessagePack-CSharp together have no ambiguous names.</summary>
[Parallelizable]
public sealed class PublicNameTests
{
    [Test]
    public void PublicTypes_OfTheEngine_HaveNoNameOfMessagePack()
    {
        string[] theirs = [.. PublicNames(typeof(KeyAttribute)), .. PublicNames(typeof(MessagePackSerializer))];
        Assert.That(theirs, Does.Contain("KeyAttribute").And.Contain("MessagePackReader"));
        Assert.That(PublicNames(typeof(NetServer)).Intersect(theirs), Is.Empty);
        Assert.That(PublicNames(typeof(MessageTypes)).Intersect(theirs), Is.Empty);
        Assert.That(PublicNames(typeof(NetSimulation)).Intersect(theirs), Is.Empty);
        Assert.That(PublicNames(typeof(NetLoopHosting)).Intersect(theirs), Is.Empty);
    }

    [Test]
    public void File_WithBothNamespaces_UsesEveryAttribute() => Assert.That(
        GeneratorRun.Files(
            """
            namespace Game;

            [NetMessage(100)]
            public partial class Mine
            {
                [SerializationConstructor]
                public Mine(int number) => Number = number;

                [Key(0)] public int Number { get; }

                [IgnoreMember] public int Ignored { get; set; }
            }

            [MessagePackObject]
            public partial record Theirs([property: Key("name")] string Name) : IEither;

            [NetContract]
            public partial record Ours([property: Key(0)] int X) : IEither;

            [Union(0, typeof(Theirs))]
            [Union(1, typeof(Ours))]
            public partial interface IEither;

            [NetMessage(101, Codec = typeof(MessagePackSerializerCodec))]
            public partial class Coded
            {
                public object? Anything { get; set; }
            }

            public static class Uses
            {
                public static void Both(ref NetWriter ours, ref MessagePackWriter theirs, ref NetReader oursToo, ref MessagePackReader theirsToo)
                {
                    ours.Write(1);
                    theirs.Write(1);
                    oursToo.TrySkip();
                    theirsToo.Skip();
                    _ = (nameof(MessagePackSerializer), MessagePackType.Array, MessagePackCode.Nil);
                }
            }
            """).Select(file => file.HintName),
        Does.Contain("Game.Mine.g.cs").And.Contain("Game.Theirs.g.cs").And.Contain("Game.IEither.g.cs").And.Contain("Game.Coded.g.cs"));

    private static string[] PublicNames(Type ofAssembly) => [.. ofAssembly.Assembly.GetExportedTypes().Where(type => !type.IsNested).Select(type => type.Name)];
}
