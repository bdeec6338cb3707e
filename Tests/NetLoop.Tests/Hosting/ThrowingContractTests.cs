using NetLoop.Tests.Sessions;
using NUnit.Framework;

namespace NetLoop.Tests.Hosting;

/// <summary>Contracts are the application's code too: their constructors run on the loop.</summary>
public sealed class ThrowingContractTests
{
    [Test]
    public async Task Receive_ConstructorThrows_CostsThatSessionOnly()
    {
        NetServer server = TestHost.CreateServer(o => o.ListenTcp("127.0.0.1", 0));
        server.On<Picky>((session, in picky) => session.Send(picky));
        server.OnRequest<Divide, Quotient>((session, in divide) => new Quotient(divide.Value / divide.By));
        server.Start();
        await using NetClient good = await TestHost.ConnectAsync(server);
        await using (NetClient bad = await TestHost.ConnectAsync(server))
        {
            // Created without its constructor, so that the client can send a value that the server's constructor rejects.
            bad.Send(default(Picky));
            CloseInfo info = await bad.Closed.WaitAsync(TestHost.Patience);
            Assert.That(info.Reason, Is.EqualTo(CloseReason.Malformed));
        }

        Quotient quotient = await good.RequestAsync(new Divide(6, 3)).WaitAsync(TestHost.Patience);
        Assert.That(quotient.Value, Is.EqualTo(2));
        Assert.That(server.GetStatistics().HandlerFaults, Is.EqualTo(1));
        await good.DisposeAsync();
        await TestHost.StopAndCheckAsync(server);
    }

    [Test]
    public async Task Request_ConstructorOfTheResponseThrows_EndsTheSessionAndIsLogged()
    {
        RecordingLogger log = new();
        NetServer server = TestHost.CreateServer(o =>
        {
            o.LoggerFactory = log;
            o.ListenTcp("127.0.0.1", 0);
        });
        var asked = new TaskCompletionSource<Task<Picky>>(TaskCreationOptions.RunContinuationsAsynchronously);
        server.OnOpened(session => asked.SetResult(session.RequestAsync<Say, Picky>(new Say(""))));
        server.Start();
        await using NetClient client = await TestHost.ConnectAsync(
            server, o => o.Handlers = new HandlerTable().OnRequest<Say, Picky>((session, in say) => default));
        Task<Picky> answer = await asked.Task.WaitAsync(TestHost.Patience);
        Assert.That(async () => await answer.WaitAsync(TestHost.Patience), Throws.InstanceOf<RequestException>());
        CloseInfo info = await client.Closed.WaitAsync(TestHost.Patience);
        Assert.That(info.Reason, Is.EqualTo(CloseReason.Malformed));
        Assert.That(log.CountOf(1105), Is.EqualTo(1));
        await client.DisposeAsync();
        await TestHost.StopAndCheckAsync(server);
    }

    [Test]
    public void TryDeserialize_ConstructorThrows_IsInvalidAndSaysWhat()
    {
        Assert.That(NetMessagePack.TryDeserialize([0x91, 0x00], DecodeLimits.Default, out Picky _, out DecodeStatus status, out Exception? thrown), Is.False);
        Assert.That(status, Is.EqualTo(DecodeStatus.InvalidValue));
        Assert.That(thrown, Is.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(NetMessagePack.TryDeserialize([0x91, 0x00], out Picky _, out status), Is.False);
        Assert.That(status, Is.EqualTo(DecodeStatus.InvalidValue));
        Assert.That(NetMessagePack.TryDeserialize([0x91, 0x01], DecodeLimits.Default, out Picky _, out status, out thrown), Is.True);
        Assert.That((status, thrown), Is.EqualTo((DecodeStatus.Ok, (Exception?)null)));
    }

    [Test]
    public void TryDeserialize_SetterThrows_IsInvalid()
    {
        PickyLater? later = new();
        Assert.That(NetMessagePack.TryDeserialize([0x91, 0xFF], out PickyLater? _, out DecodeStatus status), Is.False);
        Assert.That(status, Is.EqualTo(DecodeStatus.InvalidValue));
        Assert.That(NetMessagePack.TryDeserializeInto([0x91, 0xFF], DecodeLimits.Default, ref later, out status), Is.False);
        Assert.That((status, later), Is.EqualTo((DecodeStatus.InvalidValue, (PickyLater?)null)));
    }

    [Test]
    public void TryDeserialize_SetterFindsNoMemory_Throws() =>
        Assert.That(() => NetMessagePack.TryDeserialize([0x91, 0x63], out PickyLater? _), Throws.InstanceOf<OutOfMemoryException>());
}

/// <summary>A contract whose setter validates it.</summary>
[NetContract]
internal sealed partial class PickyLater
{
    [Key(0)]
    public int Age
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            field = value < 99 ? value : throw new InsufficientMemoryException();
        }
    }
}

/// <summary>A message whose constructor validates it.</summary>
[NetMessage(79)]
internal readonly partial record struct Picky
{
    public Picky(int positive)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(positive);
        Positive = positive;
    }

    [Key(0)]
    public int Positive { get; }
}
