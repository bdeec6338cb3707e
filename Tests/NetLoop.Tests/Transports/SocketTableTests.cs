using NetLoop.Transports;
using NUnit.Framework;

namespace NetLoop.Tests.Transports;

[Parallelizable]
public sealed class SocketTableTests
{
    [Test]
    public void Find_TokenOfAReusedSlot_IsStale()
    {
        var table = new SocketTable();
        var first = new Idle();
        var second = new Idle();
        Token stale = table.Add(first);
        table.Remove(stale);
        Token fresh = table.Add(second);
        Assert.Multiple(() =>
        {
            Assert.That(fresh.Slot, Is.EqualTo(stale.Slot), "the slot is reused");
            Assert.That(table.Find(stale), Is.Null);
            Assert.That(table.Find(fresh), Is.SameAs(second));
            Assert.That(table.Count, Is.EqualTo(1));
        });
    }

    [Test]
    public void Find_TokenThatNeverWas_FindsNothing()
    {
        var table = new SocketTable();
        table.Add(new Idle());
        Assert.That(table.Find(new Token(1, 0)), Is.Null);
        Assert.That(table.Find(new Token(0, 1)), Is.Null);
        Assert.That(table.Find(new Token(-1, 0)), Is.Null);
        Assert.That(table.Find(new Token(int.MaxValue, uint.MaxValue)), Is.Null);
    }

    [Test]
    public void Add_ManyAndRemoveInAnyOrder_KeepsEachUnderItsToken()
    {
        var table = new SocketTable();
        var random = new Random(1);
        var live = new List<(Token Token, ISocketEntry Socket)>();
        var stale = new List<Token>();
        for (int step = 0; step < 5_000; step++)
        {
            if (live.Count == 0 || random.Next(5) < 3)
            {
                var socket = new Idle();
                live.Add((table.Add(socket), socket));
            }
            else
            {
                int place = random.Next(live.Count);
                table.Remove(live[place].Token);
                stale.Add(live[place].Token);
                live.RemoveAt(place);
            }
        }

        Assert.That(table.Count, Is.EqualTo(live.Count));
        Assert.That(live.All(entry => table.Find(entry.Token) == entry.Socket), Is.True);
        Assert.That(stale.All(token => table.Find(token) is null), Is.True);
    }

    private sealed class Idle : ISocketEntry
    {
        public void OnReady(Readiness readiness)
        {
        }
    }
}
