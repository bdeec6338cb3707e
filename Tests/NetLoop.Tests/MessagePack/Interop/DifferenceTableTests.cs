using System.Numerics;
using MessagePack;
using NetLoop.Tests.Demo;
using NUnit.Framework;

namespace NetLoop.Tests.MessagePack.Interop;

/// <summary>The README's table of values with other bytes, row by row.</summary>
public sealed class DifferenceTableTests
{
    private const string Heading = "| value | NetLoop | MessagePack-CSharp";

    private static readonly Dictionary<string, (string Here, string There)> Values = new()
    {
        ["`null` in a member whose type is not nullable"] = Both(new Promised(null!)),
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
        Assert.That(rows.Select(row => row[1]), Is.EquivalentTo(Values.Keys), "a row a value");
        Assert.Multiple(() =>
        {
            foreach (string[] row in rows)
            {
                Assert.That((Plain(row[2]), Plain(row[3])), Is.EqualTo(Values[row[1]]), row[1]);
                Assert.That(row[2], Is.Not.EqualTo(row[3]), "no difference is no row");
            }
        });
    }

    // Unset values arrive as empty ones, so that no handler gets an array that throws when it is used.
    [Test]
    public void UnsetAndWideValues_AreWrittenAlikeAndRead()
    {
        Assert.That(
            NetMessagePack.Serialize(default(Unset)), Is.EqualTo(MessagePackSerializer.Serialize(default(Unset))).And.EqualTo(new byte[] { 0x92, 0xC0, 0xC0 }));
        Assert.That(NetMessagePack.TryDeserialize([0x92, 0xC0, 0xC0], out Unset unset), Is.True);
        Assert.That((unset.Items.IsDefault, unset.Items.Length, unset.Bytes.Array, unset.Bytes.Count), Is.EqualTo((false, 0, Array.Empty<byte>(), 0)));
        foreach (Wide wide in (Wide[])[new(1, 2), new(-1, UInt128.MaxValue), new(Int128.MinValue, (UInt128)1 << 127), new((Int128)0x0102030405060708 << 64, 3)])
        {
            byte[] bytes = MessagePackSerializer.Serialize(wide);
            Assert.That(NetMessagePack.Serialize(wide), Is.EqualTo(bytes));
            Assert.That(NetMessagePack.TryDeserialize(bytes, out Wide read) && read == wide, Is.True);
            Assert.That(MessagePackSerializer.Deserialize<Wide>(NetMessagePack.Serialize(wide)), Is.EqualTo(wide));
        }
    }

    [TestCase("91D92430313233343536372d383961622d636465662d303132332d343536373839616263646566", true)]
    [TestCase("91D9243031323334353637 2D383941422D434445462D303132332D343536373839414243444546", true)]
    [TestCase("91D9203031323334353637383961626364656630313233343536373839616263646566", true)]
    [TestCase("91D91F30313233343536373839616263646566303132333435363738396162636465", false)]
    [TestCase("91D9267B30313233343536372D383961622D636465662D303132332D3435363738396162636465667D", false)]
    public void Guid_WithAndWithoutHyphens_IsRead(string hex, bool isRead)
    {
        byte[] wire = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        Assert.That(NetMessagePack.TryDeserialize(wire, out Identified read), Is.EqualTo(isRead));
        Assert.That(read.Id, Is.EqualTo(isRead ? Guid.Parse("01234567-89ab-cdef-0123-456789abcdef") : Guid.Empty));
    }

    // The value is the only member of its contract, so its bytes come after the header of an array of one.
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
