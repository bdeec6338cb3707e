using System.Numerics;
using MessagePack;
using NetLoop.Tests.Demo;
using NUnit.Framework;

namespace NetLoop.Tests.MessagePack.Interop;

/// <summary>The README's table of values with other bytes, row by row.</summary>
public sealed class DifferenceTableTests
{
    private const string Heading = "| value | here | MessagePack-CSharp";

    private static readonly Dictionary<string, (string Here, string There)> _values = new()
    {
        ["`default(ImmutableArray<int>)`"] = Both(new Absent()),
        ["`new Plane(1, 2, 3, 4)`"] = Both(new Flat(new Plane(1, 2, 3, 4))),
        ["a value that its union does not list"] = Both(new Owner(new Unlisted())),
    };

    [Test]
    public void Table_EachRow_IsWhatBothLibrariesWrite()
    {
        string[][] rows =
        [
            .. File.ReadLines(Path.Combine(Repository.Root, "Engine", "NetLoop", "MessagePack", "README.md"))
                .SkipWhile(line => !line.StartsWith(Heading, StringComparison.Ordinal))
                .Skip(2)
                .TakeWhile(line => line.StartsWith('|'))
                .Select(line => line.Split('|', StringSplitOptions.TrimEntries)),
        ];
        Assert.That(rows.Select(row => row[1]), Is.EquivalentTo(_values.Keys), "a row a value");
        Assert.Multiple(() =>
        {
            foreach (string[] row in rows)
            {
                Assert.That((Plain(row[2]), Plain(row[3])), Is.EqualTo(_values[row[1]]), row[1]);
                Assert.That(row[2], Is.Not.EqualTo(row[3]), "no difference is no row");
            }
        });
    }

    // The value is the only member of its contract, so that its bytes stand behind the header of an array of one.
    private static (string Here, string There) Both<T>(T contract)
        where T : INetContract<T> => (Written(() => NetMessagePack.Serialize(contract)), Written(() => MessagePackSerializer.Serialize(contract)));

    private static string Written(Func<byte[]> write)
    {
        try
        {
            return Convert.ToHexString(write().AsSpan(1));
        }
        catch (Exception exception)
        {
            return exception.GetType().Name;
        }
    }

    private static string Plain(string cell) => cell.Replace("`", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal);
}
