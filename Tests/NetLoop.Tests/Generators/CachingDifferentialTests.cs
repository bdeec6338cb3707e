using Microsoft.CodeAnalysis;
using NUnit.Framework;

namespace NetLoop.Tests.Generators;

/// <summary>
/// Edits a program at random: after each edit the generator must write what it would write if it had never seen the program
/// before.
/// </summary>
[Parallelizable]
public sealed class CachingDifferentialTests
{
    private const int Edits = 80;

    /// <summary>The versions of each file. Each changes something on which contracts in other files depend, mostly without touching those files.</summary>
    private static readonly string[][] SourceFiles =
    [
        [
            "namespace Game { [NetMessage(100)] public partial class A : Base { [Key(0)] public Point? P; [Key(1)] public Kind K; [Key(Keys.First)] "
                + "public int F; public A(int level = Defaults.Level) => Level = level; [Key(4)] public int Level { get; } } }",
            "namespace Game { [NetMessage(101)] public partial class A : Base, IPet { [Key(0)] public List<Point?>? P; [Key(1)] public Kind K = "
                + "Kind.B; [Key(7)] public Box<Kind>? B; } }",
            "namespace Game { using Point = Box<int>; [NetMessage(100)] public sealed partial class A : Base { [Key(0)] public Point? P; [Key(1)] "
                + "public required Kind K; [Key(8)] public (Kind, Box<string>?) T; } }",
            "namespace Game.Inner { [NetContract] public partial struct A { [Key(0)] public Point? P; [Key(1)] public Kind K; } }",
        ],
        [
            "",
            "namespace Game { public partial class A { [Key(9)] public int Nine { get; set; } } }",
            "namespace Game { public partial class A { [IgnoreMember] public object? Ignored; } }"
        ],
        [
            "public partial class Base;",
            "namespace Game { public partial class Base { [Key(5)] public int Z; } }",
            "namespace Game { public abstract partial class Base : Lower { [Key(5)] public long Z; } }",
            "namespace Game { public partial class Base { public class Point; public enum Kind : ulong { B } } }",
            "namespace Game { [NetContract] public abstract partial class Base { [Key(5)] public virtual Kind V { get; set; } protected Base() { } } }",
        ],
        ["namespace Game { public class Lower { [Key(6)] public int M; } }", "public class Lower { [Key(6)] public string? M; }", ""],
        [
            "public enum Kind : byte { B }",
            "namespace Game { public enum Kind : short { B } }",
            "namespace Other { public enum Kind { B } }",
            "namespace Game { [NetContract] public partial record struct Kind([property: Key(0)] int X) { public const int B = 1; } }"
        ],
        [
            "public static class Keys { public const int First = 2; }",
            "namespace Game { public static class Keys { public const int First = 3; } }",
            "public static class Keys { public const int First = Lowest; const int Lowest = 10; }"
        ],
        [
            "public static class Defaults { public const int Level = 1; }",
            "public static class Defaults { public const int Level = 2; }",
            "namespace Game { public static class Defaults { public const short Level = 3; } }"
        ],
        [
            "[NetContract] public partial class Point { [Key(0)] public int X; }",
            "namespace Game { [NetContract] public partial class Point { [Key(0)] public int X; [Key(1)] public Kind Y; } }",
            "namespace Other { [NetContract] public partial struct Point { [Key(0)] public float X; } }",
            "public class Point;",
            "[NetContract] public partial struct Point { [Key(0)] public string X; }",
        ],
        ["", "global using Other;", "global using Kind = System.DayOfWeek;", "global using global::Game;"],
        [
            "[NetContract] public partial class Box<T> { [Key(0)] public T? Value; }",
            "[NetContract] public partial struct Box<T> { [Key(0)] public T[] Value; }",
            "[NetContract] public partial class Box<T> where T : notnull { [Key(0)] public List<T> Value = []; [Key(1)] public Point? Q; }",
            "namespace Game { [NetContract] public partial record Box<T>([property: Key(0)] T First, [property: Key(1)] Box<T>? Next); }",
        ],
        [
            "public interface IPet;",
            "[Union(0, typeof(Cat))] public partial interface IPet; [NetContract] public partial class Cat : IPet { [Key(0)] public IPet? Friend; }",
            "namespace Game { [Union(0, typeof(Dog)), Union(1, typeof(A))] public partial interface IPet; [NetContract] public partial class Dog : "
                + "IPet { [Key(0)] public Point? At; } }",
        ],
        [
            "[NetMessage(102)] public partial record Uses([property: Key(0)] Game.A? A, [property: Key(1)] IPet? Pet);",
            "[NetMessage(103)] public partial record Uses([property: Key(0)] Box<Point>? B);",
            "[MessagePackObject(true)] public partial class Uses { public Kind K { get; set; } }"
        ],
        [
            "",
            "namespace Game { public class KeyAttribute(int index) : Attribute { public int Index => index; } }",
            "public sealed class NetContractAttribute : Attribute;"
        ],
        ["class Unrelated;", "class Unrelated { void M() { } }", "namespace Game { struct Unrelated { int _point; } }"],
    ];

    [Test]
    public void Edits_AtRandom_GiveWhatAFreshCompilerGives([Range(1, 3)] int seed)
    {
        Random random = new(seed);
        string[] sources = [.. SourceFiles.Select(versions => versions[0])];
        Compilation edited = GeneratorRun.Compile(sources);
        GeneratorDriver driver = GeneratorRun.Driver(isTracked: false).RunGenerators(edited);
        int withContracts = 0;
        for (int edit = 0; edit < Edits; edit++)
        {
            int file = random.Next(SourceFiles.Length);
            sources[file] = SourceFiles[file][random.Next(SourceFiles[file].Length)];
            SyntaxTree old = edited.SyntaxTrees.ElementAt(file);
            edited = edited.ReplaceSyntaxTree(
                old, GeneratorRun.Parse(sources[file], old.FilePath, global: sources[file].StartsWith("global", StringComparison.Ordinal)));
            driver = driver.RunGenerators(edited);

            // Every file is parsed again, so nothing cached for it can be found.
            Compilation fresh = GeneratorRun.Compile(sources);
            Dictionary<string, string> expected = Files(GeneratorRun.Driver(isTracked: false).RunGenerators(fresh));
            Dictionary<string, string> kept = Files(driver);
            string[] different = [.. expected.Keys.Union(kept.Keys).Where(name => expected.GetValueOrDefault(name) != kept.GetValueOrDefault(name))];
            Assert.That(different, Is.Empty, $"edit {edit}, of file {file}:\n{string.Join('\n', sources)}");
            withContracts += expected.Count(entry => !entry.Value.Contains("throw new", StringComparison.Ordinal));
        }

        Assert.That(withContracts, Is.GreaterThan(Edits), "most of the programs have contracts that are whole");
    }

    private static Dictionary<string, string> Files(GeneratorDriver driver) =>
        driver.GetRunResult().Results.Single().GeneratedSources.ToDictionary(file => file.HintName, file => file.SourceText.ToString());
}
