using System.Net;
using NetLoop.Hosting;
using NetLoop.Stack;
using NUnit.Framework;

namespace NetLoop.Tests.Hosting;

public sealed class AddressLookupTests
{
    private static readonly NetEndpoint Game = NetEndpoint.Tcp("game.example", 7777);

    [TestCase("localhost")]
    [TestCase("game.localhost")]
    public async Task Find_NameOfThisMachine_AsksNobody(string host)
    {
        AddressLookup found = await FindAsync(new Names(null), NetEndpoint.Tcp(host, 7777));
        Assert.That(found.Failure, Is.Null);
        Assert.That(found.Addresses, Is.EqualTo([NetEndpoint.Tcp("::1", 7777), NetEndpoint.Tcp("127.0.0.1", 7777)]));
    }

    [Test]
    public async Task Find_Addresses_AlternateBetweenFamilies()
    {
        Names names = new(Task.FromResult(Addresses("2001:db8::1", "2001:db8::2", "192.0.2.1", "2001:db8::3", "192.0.2.2")));
        AddressLookup found = await FindAsync(names, Game);
        Assert.That(names.Asked, Is.EqualTo(["game.example"]));
        Assert.That(
            found.Addresses.Select(static address => address.ToString()),
            Is.EqualTo(["[2001:db8::1]:7777", "192.0.2.1:7777", "[2001:db8::2]:7777", "192.0.2.2:7777", "[2001:db8::3]:7777"]));
    }

    [Test]
    public async Task Find_BestIsIPv4_ComesFirst()
    {
        AddressLookup found = await FindAsync(new Names(Task.FromResult(Addresses("192.0.2.1", "192.0.2.2", "2001:db8::1"))), Game);
        Assert.That(found.Addresses.Select(static address => address.ToString()), Is.EqualTo(["192.0.2.1:7777", "[2001:db8::1]:7777", "192.0.2.2:7777"]));
    }

    [Test]
    public async Task Find_WebSocket_KeepsSchemeAndTarget()
    {
        AddressLookup found = await FindAsync(new Names(Task.FromResult(Addresses("192.0.2.1"))), NetEndpoint.WebSocket("game.example", 80, "/a"));
        Assert.That(found.Addresses.Single().ToUri(), Is.EqualTo("ws://192.0.2.1:80/a"));
    }

    [Test]
    public async Task Find_NoAddress_SaysSo()
    {
        AddressLookup found = await FindAsync(new Names(Task.FromResult(Addresses())), Game);
        Assert.That(found.Addresses, Is.Empty);
        Assert.That(found.Failure, Is.EqualTo("the name 'game.example' has no address; check how it is written"));
    }

    [Test]
    public async Task Find_NobodyWhoKnowsAnswers_SaysWhy()
    {
        AddressLookup found = await FindAsync(new Names(Task.FromException<IPAddress[]>(new IOException("Try again."))), Game);
        Assert.That(found.Failure, Is.EqualTo("the name 'game.example' cannot be looked up: Try again"));
    }

    [Test]
    public async Task Find_NoAnswer_EndsAtTheTimeoutAndGivesUp()
    {
        var time = new ManualTimeProvider();
        var names = new Names(new TaskCompletionSource<IPAddress[]>().Task);
        Task<AddressLookup> finding = AddressLookup.FindAsync(names, Game, TimeSpan.FromSeconds(3), time, CancellationToken.None);
        time.Advance(2_999_999_999);
        Assert.That((finding.IsCompleted, names.Cancellation.IsCancellationRequested), Is.EqualTo((false, false)));
        time.Advance(1);
        Assert.That((await finding).Failure, Is.EqualTo("the name 'game.example' was not found within 3 s"));
        Assert.That(names.Cancellation.IsCancellationRequested, Is.True);
    }

    [Test]
    public void Find_Cancelled_EndsAtOnce()
    {
        using var cancellation = new CancellationTokenSource();
        var names = new Names(new TaskCompletionSource<IPAddress[]>().Task);
        Task<AddressLookup> finding = AddressLookup.FindAsync(names, Game, TimeSpan.FromSeconds(3), new ManualTimeProvider(), cancellation.Token);
        cancellation.Cancel();
        Assert.That(async () => await finding, Throws.InstanceOf<OperationCanceledException>());
    }

    private static IPAddress[] Addresses(params string[] texts) => [.. texts.Select(IPAddress.Parse)];

    private static Task<AddressLookup> FindAsync(Names names, in NetEndpoint endpoint) =>
        AddressLookup.FindAsync(names, endpoint, TimeSpan.FromSeconds(3), new ManualTimeProvider(), CancellationToken.None);

    /// <summary>Gives the same answer for every name; null for names that must not be looked up.</summary>
    private sealed class Names(Task<IPAddress[]>? answer) : INameResolver
    {
        public List<string> Asked { get; } = [];

        public CancellationToken Cancellation { get; private set; }

        public Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellation)
        {
            Asked.Add(host);
            Cancellation = cancellation;
            return answer ?? throw new InvalidOperationException($"{host} needs no look-up");
        }
    }
}
