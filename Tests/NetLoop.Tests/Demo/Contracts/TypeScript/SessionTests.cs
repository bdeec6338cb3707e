using NetLoop.Demo.Contracts.TypeScript;
using NetLoop.Tests.Hosting;
using NUnit.Framework;

namespace NetLoop.Tests.Demo.Contracts.TypeScript;

/// <summary>The generated client in Node, with a server in this process.</summary>
[TestFixture]
[Parallelizable]
public sealed class SessionTests
{
    private static readonly GeneratedClient Client = GeneratedClient.Of(typeof(SessionTests).Assembly.Location, Int64Form.BigInt);

    [OneTimeSetUp]
    public void RequireNode() => Node.Require();

    [OneTimeTearDown]
    public void DeleteClient() => Client.Dispose();

    [Test]
    public async Task Messages_BothWays_ArriveInOrder()
    {
        await using NetServer server = StartServer();
        await using ChildProcess node = await OpenAsync(server);
        await node.TypeAsync("say hi");
        await node.TypeAsync("say there");
        Assert.That(await node.ExpectAsync("heard"), Is.EqualTo("heard hi"));
        Assert.That(await node.ExpectAsync("heard"), Is.EqualTo("heard there"));

        await node.TypeAsync("say throw");
        Assert.That(await node.ExpectAsync("error"), Is.EqualTo("error the handler failed"), "what a handler throws ends nothing");

        await node.TypeAsync("deaf");
        await node.TypeAsync("say unheard");
        await node.TypeAsync("divide 7 2");
        await node.ExpectAsync("quotient 3.5");
        Assert.That(node.Output, Has.None.EqualTo("heard unheard"));
    }

    [Test]
    public async Task Requests_BothWays_ArePromises()
    {
        await using NetServer server = StartServer();
        Session? session = null;
        server.OnOpened(opened => session = opened);
        await using ChildProcess node = await OpenAsync(server);
        await node.TypeAsync("divide 1 0");
        Assert.That(await node.ExpectAsync("RequestError"), Is.EqualTo("RequestError 1000 division by zero"));
        await node.TypeAsync("divide -1 0 100");
        Assert.That(await node.ExpectAsync("RequestError"), Does.StartWith("RequestError 6 no answer within 100 ms"));
        await node.TypeAsync("divide-with-both");
        await node.ExpectAsync("quotient 3");
        await node.TypeAsync("ask-unknown");
        Assert.That(await node.ExpectAsync("RequestError"), Is.EqualTo("RequestError 1"));
        await node.TypeAsync("large");
        Assert.That(await node.ExpectAsync("RangeError"), Does.Contain("more than the server accepts, 65536"));

        Assert.That(await session!.RequestAsync<Divide, Quotient>(new(9, 2)), Is.EqualTo(new Quotient(4.5)));
        Assert.That(
            async () => await session.RequestAsync<Divide, Quotient>(new(9, 0)),
            Throws.TypeOf<RequestException>().With.Property(nameof(RequestException.Code)).EqualTo(ErrorCode.HandlerFailed));
    }

    [Test]
    public async Task ServerStopsAndComesBack_SessionIsOpenedAgain()
    {
        NetServer server = StartServer(FreePort.Find());
        int port = server.Endpoints[0].Port;
        await using ChildProcess node = await OpenAsync(server);
        await node.TypeAsync("divide -1 0");
        await node.TypeAsync("divide 4 2");
        await node.ExpectAsync("quotient 2");
        await server.StopAsync();
        await server.DisposeAsync();

        Assert.That(await node.ExpectAsync("closed"), Does.StartWith($"closed {(int)CloseReason.ServerStopping} true true"));
        Assert.That(await node.ExpectAsync("RequestError"), Does.StartWith("RequestError 10 the session ended"));
        await node.TypeAsync("say lost");
        await node.ExpectAsync("sent false");

        await using NetServer again = StartServer(port);
        await node.ExpectAsync("opened");
        await node.TypeAsync("say again");
        await node.ExpectAsync("heard again");
    }

    [TestCase(CloseReason.Kicked, "false")]
    [TestCase(CloseReason.SlowConsumer, "true")]
    public async Task SessionClosedByTheServer_ComesBackOnlyWhereThatHelps(CloseReason reason, string comesBack)
    {
        await using NetServer server = StartServer();
        Session? session = null;
        server.OnOpened(opened => session = opened);
        await using ChildProcess node = await OpenAsync(server);

        session!.Close(reason, "because");

        Assert.That(await node.ExpectAsync("closed"), Is.EqualTo($"closed {(int)reason} true {comesBack} because"));
    }

    [Test]
    public async Task OtherContractsOrToken_IsRejectedForGood()
    {
        await using NetServer server = StartServer(configure: o => o.Authenticate = (request, _) =>
            ValueTask.FromResult(request.Token.Span is [8] ? AuthenticationResult.Accept() : AuthenticationResult.Reject("who are you?")));
        await using ChildProcess stranger = Start(server);
        Assert.That(await stranger.ExpectAsync("closed"), Is.EqualTo($"closed {(int)CloseReason.Unauthorized} true false who are you?"));

        await using NetServer other = StartServer(configure: o => o.ContractFingerprint = 1);
        await using ChildProcess old = Start(other);
        Assert.That(
            await old.ExpectAsync("closed"),
            Does.StartWith(
                $"closed {(int)CloseReason.VersionMismatch} true false The contracts differ: server 0x0000000000000001, client "
                    + $"0x{NetContracts.Fingerprint:x16}"));
    }

    [Test]
    public async Task Close_OnPurpose_IsANormalEnd()
    {
        var closed = new TaskCompletionSource<CloseInfo>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using NetServer server = StartServer();
        server.OnClosed((_, info) => closed.TrySetResult(info));
        await using ChildProcess node = await OpenAsync(server);
        await node.TypeAsync("close");
        Assert.That(await node.ExpectAsync("closed"), Is.EqualTo("closed 0 false false closed by this client"));
        Assert.That((await closed.Task.WaitAsync(ChildProcess.Deadline)).Reason, Is.EqualTo(CloseReason.Normal));
        Assert.That((await node.EndAsync()).ExitCode, Is.Zero);
    }

    private static NetServer StartServer(int port = 0, Action<NetServerOptions>? configure = null)
    {
        NetServer server = NetServer.Create(o =>
        {
            o.ListenWebSocket("127.0.0.1", port);
            o.ContractFingerprint = NetContracts.Fingerprint;
            o.DrainTimeout = TimeSpan.FromSeconds(2); // The server waits for half of this for the handler that never ends.
            configure?.Invoke(o);
        });
        server.On<Say>((session, in say) => session.Send(say));
        server.OnRequest<Divide, Quotient>(async (_, divide) =>
        {
            if (divide is { By: 0, Value: < 0 })
            {
                await Task.Delay(Timeout.Infinite);
            }

            return divide.By == 0 ? throw new RequestException(1000, "division by zero") : new Quotient(divide.Value / divide.By);
        });
        server.Start();
        return server;
    }

    [Test]
    public async Task Construct_NoWebSocketThere_SaysWhatIsNeeded()
    {
        string script = "delete globalThis.WebSocket; const { NetLoopClient } = await import(process.argv[1]); "
            + "new NetLoopClient('ws://localhost', { socket: () => null }); "
            + "try { new NetLoopClient('ws://localhost'); } catch (error) { console.log(error.message); }";
        await using ChildProcess node = Node.Start("--input-type=module", "--eval", script, new Uri(Client.File).AbsoluteUri);
        ProcessResult result = await node.EndAsync();
        Assert.That(result.Output, Has.Exactly(1).StartsWith("there is no WebSocket here: use Node 22 or newer"));
    }

    // Node 20 has a WebSocket with this option; later versions have one in any case, and accept the option.
    private static ChildProcess Start(NetServer server) => Node.Start(
        "--experimental-websocket",
        Path.Combine(Repository.Root, "Tests/NetLoop.Tests/Demo/Contracts/TypeScript/session.mjs"),
        Client.File,
        server.Endpoints[0].ToUri().ToString());

    private static async Task<ChildProcess> OpenAsync(NetServer server)
    {
        ChildProcess node = Start(server);
        await node.ExpectAsync("opened 60");
        return node;
    }
}
