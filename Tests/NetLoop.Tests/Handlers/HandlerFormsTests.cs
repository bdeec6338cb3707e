using NetLoop.Tests.Hosting;
using NUnit.Framework;

namespace NetLoop.Tests.Handlers;

/// <summary>Every way of writing a handler compiles without warnings, and runs as it reads.</summary>
public sealed class HandlerFormsTests
{
    private readonly List<string> _said = [];
    private NetServer _server = null!;
    private NetClient _client = null!;

    [TearDown]
    public async Task Stop()
    {
        await _client.DisposeAsync();
        await TestHost.StopAndCheckAsync(_server);
        await _server.DisposeAsync();
        _said.Clear();
    }

    [Test]
    public async Task On_LambdaWithoutIn_ReceivesTheMessage()
    {
        await StartAsync(server => server
            .On<Say>((session, say) => _said.Add(say.Text))
            .On<Blob>((session, blob) => session.Send(blob))); // An expression that returns a status is a statement here.
        await ExpectSaidAsync("a");
    }

    [Test]
    public async Task On_LambdaWithIn_ReceivesTheMessage()
    {
        await StartAsync(server => server.On<Say>((session, in say) => _said.Add(say.Text)));
        await ExpectSaidAsync("a");
    }

    [Test]
    public async Task On_MethodGroups_AreTakenForWhatTheyAre()
    {
        await StartAsync(server => server.On<Say>(Handle).On<Blob>(HandleBlobAsync).OnRequest<Divide, Quotient>(RespondAsync));
        _client.Send(new Blob([1]));
        await ExpectSaidAsync("a");
        Assert.That(_said, Is.EqualTo(new[] { "blob", "a" }));
    }

    [Test]
    public async Task On_AsyncLambdaThatThrows_EndsItsSession([Values] bool takesToken)
    {
        // As an async void method it would end the process.
        await StartAsync(server =>
        {
            if (takesToken)
            {
                server.On<Say>(async (session, say, closed) =>
                {
                    await Task.Yield();
                    throw new InvalidOperationException();
                });
            }
            else
            {
                server.On<Say>(async (session, say) =>
                {
                    await Task.Yield();
                    throw new InvalidOperationException();
                });
            }
        });
        _client.Send(new Say("a"));
        Assert.That((await _client.Closed.WaitAsync(TestHost.Patience)).Reason, Is.EqualTo(CloseReason.HandlerFault));
    }

    [Test]
    public async Task On_TaskOfALambda_IsWaitedFor()
    {
        await StartAsync(server => server.On<Say>((session, say) => FailAsync()));
        _client.Send(new Say("a"));
        Assert.That((await _client.Closed.WaitAsync(TestHost.Patience)).Reason, Is.EqualTo(CloseReason.HandlerFault));
    }

    [Test]
    public async Task On_LambdaThatOnlyThrows_Compiles()
    {
        await StartAsync(server => server.On<Say>((_, _) => throw new InvalidOperationException()));
        _client.Send(new Say("a"));
        Assert.That((await _client.Closed.WaitAsync(TestHost.Patience)).Reason, Is.EqualTo(CloseReason.HandlerFault));
    }

    [TestCase("plain")]
    [TestCase("in")]
    [TestCase("inferred")]
    [TestCase("async")]
    [TestCase("async inferred")]
    [TestCase("task")]
    [TestCase("token")]
    [TestCase("token task")]
    public async Task OnRequest_EachForm_Responds(string form)
    {
        await StartAsync(server => _ = form switch
        {
            "plain" => server.OnRequest<Divide, Quotient>((session, divide) => new Quotient(divide.Value / divide.By)),
            "in" => server.OnRequest<Divide, Quotient>((session, in divide) => new Quotient(divide.Value / divide.By)),
            "inferred" => server.OnRequest((Session session, Divide divide) => new Quotient(divide.Value / divide.By)),
            "async" => server.OnRequest<Divide, Quotient>(async (session, divide) =>
            {
                await Task.Yield();
                return new Quotient(divide.Value / divide.By);
            }),
            "async inferred" => server.OnRequest(async (Session session, Divide divide) =>
            {
                await Task.Yield();
                return new Quotient(divide.Value / divide.By);
            }),
            "task" => server.OnRequest<Divide, Quotient>((session, divide) => Task.FromResult(new Quotient(divide.Value / divide.By))),
            "token" => server.OnRequest<Divide, Quotient>(async (session, divide, closed) =>
            {
                Assert.That(closed, Is.EqualTo(session.Closed));
                await Task.Yield();
                return new Quotient(divide.Value / divide.By);
            }),
            _ => server.OnRequest<Divide, Quotient>((session, divide, closed) => Task.FromResult(new Quotient(divide.Value / divide.By))),
        });
        Quotient quotient = await _client.RequestAsync<Divide, Quotient>(new Divide(7, 2));
        Assert.That(quotient.Value, Is.EqualTo(3.5));
    }

    [Test]
    public async Task Client_RegistersWhatAServerDoes()
    {
        var opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await StartAsync(
            server => server.On<Say>((session, say) => session.Send(say)),
            client => client.Handlers = new HandlerTable()
                .On<Say>(async (session, say) =>
                {
                    await Task.Yield();
                    _said.Add(say.Text);
                    opened.TrySetResult();
                })
                .OnClosed((session, info) => _said.Add($"closed {info.Reason}"))
                .OnOpened(session => _said.Add("opened"))
                .Use(new Module()));
        _client.Send(new Say("a"));
        await opened.Task.WaitAsync(TestHost.Patience);
        await _client.DisposeAsync();
        Assert.That(_said, Is.EqualTo(new[] { "opened", "a", "closed Normal" }));
    }

    private static async Task FailAsync()
    {
        await Task.Yield();
        throw new InvalidOperationException();
    }

    private static ValueTask<Quotient> RespondAsync(Session session, Divide divide) => new(new Quotient(divide.Value / divide.By));

    private void Handle(Session session, Say say) => _said.Add(say.Text);

    private Task HandleBlobAsync(Session session, Blob blob)
    {
        _said.Add("blob");
        return Task.CompletedTask;
    }

    private async Task StartAsync(Action<NetServer> setUp, Action<NetClientOptions>? configure = null)
    {
        _server = TestHost.CreateServer(o =>
        {
            o.ListenTcp("127.0.0.1", 0);
            o.LoggerFactory = new CollectingLoggerFactory();
        });
        setUp(_server);
        if (_said.Count == 0 && configure is null)
        {
            _server.OnRequest((Session session, Numbered sync) => new Text(""));
        }

        _server.Start();
        _client = await TestHost.ConnectAsync(_server, configure);
    }

    private async Task ExpectSaidAsync(string text)
    {
        _client.Send(new Say(text));
        await _client.RequestAsync<Numbered, Text>(new Numbered(0, []));
        Assert.That(_said[^1], Is.EqualTo(text));
    }

    private sealed class Module : IHandlerModule
    {
        public void Register(HandlerTable handlers) => handlers.OnRequest((Session session, Divide divide) => new Quotient(0));
    }
}
