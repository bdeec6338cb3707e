using NetLoop.Tests.Hosting;
using NetLoop.Transports;
using NUnit.Framework;

namespace NetLoop.Tests.Sessions;

/// <summary>Sessions with a parked connection behave exactly as others.</summary>
[Platform("Linux")]
public sealed class ParkingTests : ServerFixture
{
    private const int Clients = 8;
    private const int BlobType = 73;
    private readonly List<RawClient> _clients = [];

    [SetUp]
    public void OpenClients()
    {
        Start(
            listener => listener.IdleTimeout = TimeSpan.FromSeconds(10),
            o =>
            {
                o.TimeProvider = Time;
                o.MaxActiveConnections = 0;
            });
        for (int i = 0; i < Clients; i++)
        {
            _clients.Add(RawClient.Open(Server));
        }

        WaitUntilAllAreParked();
    }

    [TearDown]
    public void CloseClients()
    {
        _clients.ForEach(client => client.Dispose());
        _clients.Clear();
    }

    [Test]
    public void Input_ForParked_IsHandledAndAnsweredAndParkedAgain()
    {
        for (int round = 0; round < 3; round++)
        {
            foreach (RawClient client in _clients)
            {
                client.Send(Wire.Frame(Wire.Message, BlobType, Wire.Array(new byte[100])));
                Assert.That(client.Read(), Is.Not.Null);
            }

            Advance(0.6);
            WaitUntilAllAreParked();
        }
    }

    [Test]
    public void Send_ToParked_Arrives()
    {
        Session[] sessions = [.. _clients.Select(_ => NextOpened())];
        foreach (Session session in sessions)
        {
            Assert.That(session.Send(new Say("from another thread")), Is.EqualTo(SendStatus.Sent));
        }

        Assert.That(OnLoop(() => sessions.All(session => session.Send(new Say("from the loop")) == SendStatus.Sent)), Is.True);
        Server.Broadcast(new Say("to all"));
        foreach (RawClient client in _clients)
        {
            Assert.That(new[] { client.Read(), client.Read(), client.Read() }, Has.None.Null);
        }

        Advance(0.6);
        WaitUntilAllAreParked();
    }

    [Test]
    public void Close_OfParked_SaysGoodbye()
    {
        NextOpened().Close(CloseReason.Kicked, "enough");
        Assert.That(NextClosed().Reason, Is.EqualTo(CloseReason.Kicked));
        _clients[0].ExpectGoodbye(CloseReason.Kicked);
    }

    [Test]
    public void Deadline_OfParked_EndsTheIdle()
    {
        Advance(9.9);
        Assert.That(ClosedFor(CloseReason.Idle), Is.Zero);
        Advance(0.2);
        Assert.That(ClosedFor(CloseReason.Idle), Is.EqualTo(Clients));
        _clients[0].ExpectGoodbye(CloseReason.Idle);
    }

    [Test]
    public void PeerOfParked_ClosesOrResets_EndsTheSession()
    {
        _clients[0].HalfClose();
        Assert.That(NextClosed(), Is.EqualTo(new CloseInfo(CloseReason.Disconnected, "", ByPeer: true)));
        _clients[1].Reset();
        Assert.That(NextClosed().Reason, Is.EqualTo(CloseReason.TransportError));
    }

    [Test]
    public async Task TryPark_SessionThatIsNotOpen_KeepsItsConnection()
    {
        NetClient client = NetClient.Create(NetEndpoint.Tcp("127.0.0.1", 1), configure: null);
        Assert.That(((IConnectionOwner)client.Session).TryPark(default), Is.False, "its end would not find the connection");
        await client.DisposeAsync();
    }

    private void WaitUntilAllAreParked() => WaitUntil(
        () =>
        {
            ConnectionSet connections = Server.Core.Transport;
            return connections.Connections.Count == 0 && connections.ConnectionCount == Clients;
        },
        "a connection that has nothing to do is not parked");
}
