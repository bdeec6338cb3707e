namespace NetLoop.Worlds.Guests;

/// <summary>
/// Requests with an unusual outcome: cancelled, too many, too large, failing. Each has exactly the outcome that it must have, and the session continues.
/// </summary>
internal sealed class RequestsGuest(World world, SeededRandom random) : Guest(world, random)
{
    private const int MaxPending = 5;
    private const int MaxBodyBytes = 1_024;
    private const int ApplicationError = 1_234;
    private const string ErrorText = "ei, schön: 漢字 😀";

    /// <summary>The most bytes around the filler of a <see cref="Favor"/> in a request or a response.</summary>
    private const int MostAround = 40;

    private readonly HandlerTable _handlers = new();
    private readonly Dictionary<int, int> _handled = [];
    private readonly List<long> _said = [];
    private Session? _session;
    private int _lastId;

    public override void Configure(NetServerOptions o)
    {
        o.Listen(Listener(0), listener =>
        {
            ConfigureListener(listener);
            listener.MaxBodyBytes = MaxBodyBytes;
            listener.MaxPendingRequests = MaxPending;
        });
        o.Listen(Listener(1), listener =>
        {
            ConfigureListener(listener);
            listener.Hello = HelloMode.None;
        });
    }

    public override void Register(NetServer server)
    {
        RegisterFavors(server.Handlers, World.Server.Host.Clock, isServer: true);
        server.On<Fragile>((_, in fragile) => _said.Add(fragile.Number));
    }

    public override void OnOpened(Session session) => _session = session;

    public override void OnClosed(Session session, CloseInfo info) =>
        Require(info.Reason == CloseReason.Normal, $"session {session.Id} ends with {info}");

    protected override void Play() => Play(async () =>
    {
        RegisterFavors(_handlers, Hosts.Clients.Host.Clock, isServer: false);
        _handlers.On<Fragile>((_, in fragile) => _said.Add(-fragile.Number));
        NetClient client = Hosts.Clients.Dial(Listener(0), _handlers, static o => o.MaxPendingRequests = MaxPending);
        await client.Opened.ConfigureAwait(true);
        Require(await UntilAsync(() => _session is not null).ConfigureAwait(true), $"the server has no session");
        Session server = _session!;
        int[] order = [.. Enumerable.Range(0, 7).OrderBy(_ => Random.NextUInt64())];
        foreach (int number in order)
        {
            await (number switch
            {
                0 => CancelAsync(client),
                1 => AskTooManyAsync(client),
                2 => AskTooMuchAsync(client),
                3 => FailAsync(client),
                4 => TimeOutAsync(client),
                5 => BreakAsync(client),
                _ => AskBackAsync(server),
            }).ConfigureAwait(true);

            // Failed requests take no slot: as many as allowed get a response, all at once.
            Task<Favor>[] asked = [.. Enumerable.Range(0, MaxPending).Select(_ => AskAsync(client.Session, 0, Kindness.Answer))];
            foreach (Task<Favor> one in asked)
            {
                Favor answer = await one.ConfigureAwait(true);
                Require(answer.Kind == Kindness.Answer, $"a request after play {number} is answered with {answer}");
            }
        }

        await EndAsync(client).ConfigureAwait(true);
        await WithoutHelloAsync().ConfigureAwait(true);
    });

    /// <summary>
    /// Cancels requests from the loop and from other threads, before and after they are sent. Each await throws, and the response is dropped.
    /// </summary>
    private async Task CancelAsync(NetClient client)
    {
        using var before = new CancellationTokenSource();
        before.Cancel();
        Require(
            client.RequestAsync<Favor, Favor>(new Favor(0, Kindness.Answer, null), null, before.Token).IsCanceled,
            $"a request that was cancelled before it was sent is sent");
        for (int i = 0; i < MaxPending; i++)
        {
            int id = NextId();
            using var cancellation = new CancellationTokenSource();
            Task<Favor> asked = client.RequestAsync<Favor, Favor>(new Favor(id, Kindness.AnswerLate, null), null, cancellation.Token);
            int pause = Random.Next(120);
            await PauseAsync(pause).ConfigureAwait(true);
            bool wasAnswered = asked.IsCompleted;
            if (Random.Chance(0.5))
            {
                cancellation.Cancel();
            }
            else
            {
                Hosts.Clients.FromElsewhere(() =>
                {
                    cancellation.Cancel();
                    return true;
                });
            }

            try
            {
                await asked.ConfigureAwait(true);
                Require(pause >= 40, $"request {id} is answered although it was cancelled before its handler was done");
            }
            catch (OperationCanceledException cancelled)
            {
                Require(!wasAnswered && cancelled.CancellationToken == cancellation.Token, $"request {id} is cancelled by another token, or after its answer");
            }
        }

        // The late responses find no request.
        await PauseAsync(200).ConfigureAwait(true);
    }

    /// <summary>One request more than allowed is rejected at once, and none of the others.</summary>
    private async Task AskTooManyAsync(NetClient client)
    {
        Task<Favor>[] asked = [.. Enumerable.Range(0, MaxPending).Select(_ => AskAsync(client.Session, 0, Kindness.AnswerLate))];
        await ExpectAsync(AskAsync(client.Session, NextId(), Kindness.Answer), ErrorCode.Overloaded).ConfigureAwait(true);
        foreach (Task<Favor> one in asked)
        {
            await one.ConfigureAwait(true);
        }
    }

    /// <summary>A body longer than a frame is neither sent as a request nor as a response; one that just fits is.</summary>
    private async Task AskTooMuchAsync(NetClient client)
    {
        foreach (bool isElsewhere in (bool[])[false, true])
        {
            int id = NextId();
            var large = new Favor(id, Kindness.Answer, new byte[MaxBodyBytes]);
            Task<Favor> asked = isElsewhere
                ? Hosts.Clients.FromElsewhere(() => client.RequestAsync<Favor, Favor>(large))
                : client.RequestAsync<Favor, Favor>(large);
            await ExpectAsync(asked, ErrorCode.TooLarge).ConfigureAwait(true);
            Require(!_handled.ContainsKey(id), $"a request that is too large is handled");
            var message = new Fragile(0, new byte[MaxBodyBytes]);
            SendStatus status = isElsewhere ? Hosts.Clients.FromElsewhere(() => client.Send(message)) : client.Send(message);
            Require(status == SendStatus.TooLarge, $"a message that is too large is {status}");
        }

        await ExpectAsync(AskAsync(client.Session, NextId(), Kindness.AnswerTooMuch), ErrorCode.TooLarge).ConfigureAwait(true);

        // A message is [2, type, payload]: five bytes before the payload, three of them for the type.
        for (int bytes = MaxBodyBytes - 14; bytes < MaxBodyBytes; bytes++)
        {
            var message = new Fragile(1, new byte[bytes]);
            SendStatus expected = 5 + NetMessagePack.Serialize(message).Length <= MaxBodyBytes ? SendStatus.Sent : SendStatus.TooLarge;
            SendStatus status = client.Send(message);
            Require(status == expected, $"a message with {bytes} bytes of filler is {status}, not {expected}, in a frame of {MaxBodyBytes}");
        }

        // The longest request that fits, byte by byte: each is a little longer, until one is rejected.
        bool isRefused = false;
        for (int bytes = MaxBodyBytes - MostAround; !isRefused; bytes++)
        {
            Require(bytes < MaxBodyBytes, $"a request with {bytes} bytes of filler fits into a frame of {MaxBodyBytes}");
            try
            {
                Favor answer = await client.RequestAsync<Favor, Favor>(new Favor(0, Kindness.AnswerLength, new byte[bytes])).ConfigureAwait(true);
                Require(answer.Id == bytes, $"{answer.Id} of {bytes} bytes arrived");
            }
            catch (RequestException error)
            {
                isRefused = true;
                Require(error.Code == ErrorCode.TooLarge, $"a request that is too large fails with {error.Code}");
            }

            bytes += bytes < MaxBodyBytes - 20 ? 3 : 0;
        }
    }

    /// <summary>Handlers that fail, and requests without a handler.</summary>
    private async Task FailAsync(NetClient client)
    {
        await ExpectAsync(AskAsync(client.Session, NextId(), Kindness.Throw), ErrorCode.HandlerFailed).ConfigureAwait(true);
        await ExpectAsync(AskAsync(client.Session, NextId(), Kindness.ThrowLate), ErrorCode.HandlerFailed).ConfigureAwait(true);
        await ExpectAsync(AskAsync(client.Session, NextId(), Kindness.Refuse), ApplicationError, ErrorText).ConfigureAwait(true);
        await ExpectAsync(AskAsync(client.Session, NextId(), Kindness.RefuseAtLength), ApplicationError, "").ConfigureAwait(true);
        await ExpectAsync(client.RequestAsync<Note, Favor>(new Note(1)), ErrorCode.UnknownMessage).ConfigureAwait(true);
    }

    /// <summary>A response that comes too late for its request.</summary>
    private async Task TimeOutAsync(NetClient client)
    {
        long began = World.Network.Events.Now;
        var patience = TimeSpan.FromMilliseconds(Random.Between(1, 30));
        await ExpectAsync(client.RequestAsync<Favor, Favor>(new Favor(NextId(), Kindness.AnswerLate, null), patience), ErrorCode.TimedOut).ConfigureAwait(true);
        long took = World.Network.Events.Now - began;
        Require(
            took >= patience.TotalNanoseconds && took < patience.TotalNanoseconds + 200_000_000,
            $"a wait of {patience.TotalMilliseconds} ms took {took / 1e6} ms");
        await PauseAsync(200).ConfigureAwait(true);
    }

    /// <summary>A message that throws while it is encoded is not sent, not even a part of it.</summary>
    private async Task BreakAsync(NetClient client)
    {
        Session server = _session!;
        _said.Clear();
        List<long> expected = [];
        for (int i = 1; i <= 6; i++)
        {
            bool breaks = Random.Chance(0.5);
            bool isElsewhere = Random.Chance(0.5);
            var message = new Fragile(i, new byte[Random.Next(200)], breaks);
            Func<SendStatus> send = () => client.Send(message);
            try
            {
                SendStatus status = isElsewhere ? Hosts.Clients.FromElsewhere(send) : send();
                Require(status == SendStatus.Sent && !breaks, $"message {i}, which breaks: {breaks}, is {status}");
                expected.Add(i);
            }
            catch (InvalidOperationException)
            {
                Require(breaks, $"message {i} throws");
            }

            // A send from another thread is ordered after this thread's sends only if those have left.
            await PauseAsync(5).ConfigureAwait(true);
        }

        Require(
            await UntilAsync(() => _said.Count >= expected.Count).ConfigureAwait(true) && _said.SequenceEqual(expected),
            $"{string.Join(',', _said)} arrived instead of {string.Join(',', expected)}");
        await ExpectAsync(AskAsync(client.Session, NextId(), Kindness.AnswerBroken), ErrorCode.HandlerFailed).ConfigureAwait(true);
    }

    /// <summary>The server sends its client the same requests.</summary>
    private async Task AskBackAsync(Session server)
    {
        bool isDone = false;
        OnServer(() => _ = AskAllAsync());
        Require(await UntilAsync(() => isDone).ConfigureAwait(true), $"the requests of the server have not ended");

        async Task AskAllAsync()
        {
            Task<Favor> answered = AskAsync(server, NextId(), Kindness.Answer);
            Task<Favor> refused = AskAsync(server, NextId(), Kindness.Refuse);
            Task<Favor> failed = AskAsync(server, NextId(), Kindness.AnswerTooMuch);
            await ExpectAsync(refused, ApplicationError, ErrorText).ConfigureAwait(true);
            await ExpectAsync(failed, ErrorCode.TooLarge).ConfigureAwait(true);
            Favor answer = await answered.ConfigureAwait(true);
            Require(answer.Kind == Kindness.Answer, $"the client answers {answer}");
            isDone = true;
        }
    }

    /// <summary>Closing a session cancels its outstanding request, and a later one fails too.</summary>
    private async Task EndAsync(NetClient client)
    {
        Task<Favor> asked = AskAsync(client.Session, NextId(), Kindness.AnswerLate);
        client.Session.Close();
        await ExpectAsync(asked, ErrorCode.Cancelled).ConfigureAwait(true);
        await ExpectAsync(AskAsync(client.Session, NextId(), Kindness.Answer), ErrorCode.Cancelled).ConfigureAwait(true);
        Require(client.Send(new Fragile(1, [])) == SendStatus.Closed, $"a message of a closed session is sent");
        await client.Closed.ConfigureAwait(true);
    }

    /// <summary>A session that opens without Hello.</summary>
    private async Task WithoutHelloAsync()
    {
        _session = null;
        NetClient client = Hosts.Clients.Dial(Listener(1), _handlers, static o => o.Hello = HelloMode.None);
        await client.Opened.ConfigureAwait(true);
        Favor answer = await AskAsync(client.Session, NextId(), Kindness.Answer).ConfigureAwait(true);
        Require(answer.Kind == Kindness.Answer && _session is not null, $"the answer is {answer}");
        client.Session.Close();
        await client.Closed.ConfigureAwait(true);
    }

    private static Task<Favor> AskAsync(Session session, int id, Kindness kind) => session.RequestAsync<Favor, Favor>(new Favor(id, kind, null));

    private async Task ExpectAsync(Task<Favor> asked, int code, string? text = null)
    {
        try
        {
            Favor answer = await asked.ConfigureAwait(true);
            World.Fail("I37", $"{this}: a request that must fail with {code} is answered with {answer}");
        }
        catch (RequestException error)
        {
            Require(
                error.Code == code && (text is null || error.Message == text),
                $"a request that must fail with {code} ({text}) fails with {error.Code} ({error.Message})");
        }
    }

    private int NextId() => ++_lastId;

    private void RegisterFavors(HandlerTable handlers, TimeProvider clock, bool isServer)
    {
        handlers.OnRequest<Favor, Favor>(async (_, favor) =>
        {
            _handled[favor.Id] = _handled.GetValueOrDefault(favor.Id) + 1;
            Require(favor.Id == 0 || _handled[favor.Id] == 1, $"request {favor.Id} is handled twice");
            switch (favor.Kind)
            {
                case Kindness.AnswerLate:
                    await Task.Delay(TimeSpan.FromMilliseconds(50), clock).ConfigureAwait(true);
                    break;

                case Kindness.AnswerTooMuch:
                    return favor with { Filler = new byte[MaxBodyBytes] };

                case Kindness.AnswerLength:
                    return new Favor(favor.Filler!.Length, favor.Kind, null);

                case Kindness.AnswerBroken:
                    Count(isServer);
                    return new Favor(0, Kindness.AnswerBroken, null) { Breaks = true };

                case Kindness.Throw:
                    Count(isServer);
                    throw new InvalidOperationException("as asked");

                case Kindness.ThrowLate:
                    await Task.Delay(TimeSpan.FromMilliseconds(5), clock).ConfigureAwait(true);
                    Count(isServer);
                    throw new InvalidOperationException("as asked, later");

                case Kindness.Refuse:
                    throw new RequestException(ApplicationError, ErrorText);

                case Kindness.RefuseAtLength:
                    throw new RequestException(ApplicationError, new string('x', MaxBodyBytes));
            }

            return favor;
        });
    }

    private void Count(bool isServer)
    {
        if (isServer)
        {
            World.Server.CountHandlerFault();
        }
    }
}
