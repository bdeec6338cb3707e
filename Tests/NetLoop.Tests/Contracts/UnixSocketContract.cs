using NetLoop.Stack.Linux;
using NUnit.Framework;

namespace NetLoop.Tests.Contracts;

/// <summary>The contract of every <see cref="INetworkStack"/> for Unix sockets and their files.</summary>
public abstract class UnixSocketContract : StackFixture
{
    private string _directory = "";

    protected NetEndpoint Endpoint => NetEndpoint.Unix(Path.Combine(_directory, "game.sock"));

    [SetUp]
    public virtual void MakeDirectory() => _directory = Directory.CreateTempSubdirectory("netloop-").FullName;

    [TearDown]
    public virtual void RemoveDirectory() => Directory.Delete(_directory, recursive: true);

    [Test]
    public void ListenAndConnect_Path_CarriesBytes()
    {
        SocketHandle listener = Listen(Endpoint, out NetEndpoint bound);
        Assert.That(bound, Is.EqualTo(Endpoint));
        (SocketHandle client, SocketHandle server) = ConnectPair(listener, bound, out NetEndpoint remote);
        Assert.That(remote, Is.EqualTo(NetEndpoint.FromUnixPath("")), "the client has no name");
        Send(client, 1, 2, 3);
        Assert.That(ReceiveExactly(server, 3), Is.EqualTo(new byte[] { 1, 2, 3 }));
        Close(client);
        Assert.That(ReceiveAnything(server), Is.EqualTo(new SocketResult(SocketStatus.Ok, 0)));
    }

    [Test]
    public void Listen_LiveSocketFile_IsAddressInUse()
    {
        SocketHandle listener = Listen(Endpoint, out NetEndpoint bound);
        Assert.That(Stack.Listen(Endpoint, 16, out _, out _), Is.EqualTo(SocketStatus.AddressInUse));
        ConnectPair(listener, bound, out _);
    }

    [Test]
    public void Listen_StaleSocketFile_IsReplaced()
    {
        LeaveStaleFile();
        Assert.That(FileExists(), Is.True);

        SocketHandle listener = Listen(Endpoint, out NetEndpoint bound);
        ConnectPair(listener, bound, out _);
    }

    [Test]
    public void Listen_RegularFile_IsAddressInUseAndUntouched()
    {
        WriteFile();
        Assert.That(Stack.Listen(Endpoint, 16, out _, out _), Is.EqualTo(SocketStatus.AddressInUse));
        Stack.RemoveUnixPath(Endpoint);
        Assert.That(FileExists(), Is.True);
    }

    [Test]
    public void RemoveUnixPath_OwnFile_IsRemoved()
    {
        SocketHandle listener = Listen(Endpoint, out _);
        Stack.RemoveUnixPath(Endpoint);
        Close(listener);
        Assert.That(FileExists(), Is.False);
    }

    [Test]
    public void Connect_NoSuchPath_IsNotFoundOrRefused()
    {
        // System.Net.Sockets reports ENOENT as AddressNotAvailable, and Windows reports it as refused.
        SocketStatus status = Stack.Connect(Endpoint, out SocketHandle socket);
        Assert.That(status, Is.AnyOf(SocketStatus.NotFound, SocketStatus.AddressNotAvailable, SocketStatus.ConnectionRefused));
        Assert.That(socket, Is.EqualTo(SocketHandle.None));
    }

    [Test]
    public void Configure_OptionsOfTcp_ArePassedOver()
    {
        SocketHandle listener = Listen(Endpoint, out NetEndpoint bound);
        (SocketHandle client, _) = ConnectPair(listener, bound, out _);
        Assert.That(Stack.Configure(client, EveryOption), Is.EqualTo(SocketStatus.Ok));
    }

    /// <summary>Leaves the socket file of a listener that ended without removing it.</summary>
    protected virtual void LeaveStaleFile()
    {
        Assume.That(OperatingSystem.IsLinux(), "only the Linux stack leaves its file behind");
        LinuxStack crashed = new();
        Assert.That(crashed.Listen(Endpoint, 16, out SocketHandle left, out _), Is.EqualTo(SocketStatus.Ok));
        crashed.Close(left, reset: false);
    }

    /// <summary>Creates a regular file at the endpoint's path.</summary>
    protected virtual void WriteFile() => File.WriteAllText(Endpoint.Path, "keep me");

    protected virtual bool FileExists() => File.Exists(Endpoint.Path);
}
