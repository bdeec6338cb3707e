using System.Collections.ObjectModel;
using MessagePack;
using MessagePack.Resolvers;
using NetLoop.Tests.Hosting;
using NUnit.Framework;

namespace NetLoop.Tests.Foreign;

/// <summary>Which types may be added to the types of the process, and how others are rejected.</summary>
public sealed class MessageTypesTests
{
    private readonly MessageTypes _types = MessageTypes.Shared;

    [OneTimeSetUp]
    public void AddTypes() => ForeignNumbers.AddAll(_types);

    [Test]
    public void Add_TheSameAgain_IsFine() => Assert.DoesNotThrow(() => ForeignNumbers.AddAll(_types));

    [Test]
    public void Add_AnotherNumberForTheType_NamesBoth()
    {
        InvalidOperationException? mistake = Assert.Throws<InvalidOperationException>(() => _types.Add<Workshop>(299));
        Assert.That(mistake!.Message, Does.Contain("Workshop").And.Contain("201").And.Contain("299"));
    }

    [Test]
    public void Add_AnotherTypeForTheNumber_NamesBoth()
    {
        InvalidOperationException? mistake = Assert.Throws<InvalidOperationException>(() => _types.Add<Dictionary<byte, bool[]>>(201));
        Assert.That(mistake!.Message, Does.Contain("Workshop").And.Contain("Dictionary<Byte, Boolean[]>").And.Contain("201"));
    }

    [Test]
    public void Add_OtherOptions_SaysSo() => Assert.That(
        Assert.Throws<InvalidOperationException>(
            () => _types.Add<Workshop>(201, ContractlessStandardResolver.Options))!.Message, Does.Contain("another resolver"));

    [TestCase(63)]
    [TestCase(65_536)]
    [TestCase(-1)]
    public void Add_NumberOutOfRange_SaysWhichAreAllowed(int number) => Assert.That(
        Assert.Throws<ArgumentOutOfRangeException>(() => _types.Add<List<string>>(number))!.Message, Does.Contain("64 to 65535"));

    [Test]
    public void Add_Contract_IsRejected() =>
        Assert.That(Assert.Throws<ArgumentException>(() => _types.Add<PlayerMove>(298))!.Message, Does.Contain("PlayerMove is a contract already"));

    [Test]
    public void Add_TypeWithoutFormatter_IsAMistakeOfTheStart() => Assert.Throws<FormatterNotRegisteredException>(() => _types.Add<Action>(297));

    [Test]
    public void Add_Compression_IsRejected(
        [Values(MessagePackCompression.Lz4Block, MessagePackCompression.Lz4BlockArray)] MessagePackCompression compression) =>
        Assert.That(
        Assert.Throws<ArgumentException>(
            () => _types.Add<List<long>>(296, MessagePackSerializerOptions.Standard.WithCompression(compression)))!.Message, Does.Contain("Compression"));

    [Test]
    public void Add_TypelessResolver_IsRejected()
    {
        MessagePackSerializerOptions[] typeless =
        [
            TypelessContractlessStandardResolver.Options,
            MessagePackSerializerOptions.Standard.WithResolver(CompositeResolver.Create(TypelessObjectResolver.Instance, StandardResolver.Instance)),
        ];
        foreach (MessagePackSerializerOptions options in typeless)
        {
            Assert.That(Assert.Throws<ArgumentException>(() => _types.Add<List<long>>(295, options))!.Message, Does.Contain("typeless"));
        }
    }

    [Test]
    public async Task UnregisteredType_AnyUse_SaysHowToAddIt()
    {
        const string Hint = "o.Messages.Add<ReadOnlyCollection<Int16>>(200)";
        NetServer server = TestHost.CreateServer(o => o.ListenTcp("127.0.0.1", 0));
        Says(() => server.On<ReadOnlyCollection<short>>((session, in message) => { }));
        Says(() => server.OnRequest<Say, ReadOnlyCollection<short>>((session, in message) => new([])));
        Says(() => server.Broadcast(new ReadOnlyCollection<short>([])));
        server.Start();
        await using NetClient client = await TestHost.ConnectAsync(server);
        Says(() => client.Send(new ReadOnlyCollection<short>([])));
        Says(() => client.RequestAsync<Say, ReadOnlyCollection<short>>(new Say("")));
        Says(() => client.RequestAsync<ReadOnlyCollection<short>, Quotient>(new([])));
        await client.DisposeAsync();
        await TestHost.StopAndCheckAsync(server);

        static void Says(TestDelegate use) => Assert.That(Assert.Throws<InvalidOperationException>(use)!.Message, Does.Contain(Hint));
    }

    [Test]
    public void On_Twice_NamesTheTypeAndNoWrapper() => Assert.That(
        Assert.Throws<InvalidOperationException>(
            () => new HandlerTable().On<Workshop>((session, in message) => { }).On<Workshop>((session, in message) => { }))!.Message,
        Does.Contain("Type 201 has a handler already, for Workshop;"));

    [Test]
    public void Send_TypeForResponsesOnly_SaysWhatIsMissing() => Assert.That(
        Assert.Throws<InvalidOperationException>(() => new HandlerTable().On<SortedDictionary<int, string>>((session, in message) => { }))!.Message,
        Does.Contain("SortedDictionary<Int32, String> has no number"));
}
