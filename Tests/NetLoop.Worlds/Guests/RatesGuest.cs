namespace NetLoop.Worlds.Guests;

/// <summary>
/// Sessions under rate limits. Those within the limit are never closed; those beyond it are closed for that reason, and not before they have used what they
/// may.
/// </summary>
internal sealed class RatesGuest(World world, SeededRandom random) : Guest(world, random)
{
    private const int Burst = 20;
    private const int PerSecond = 10;
    private const int FillerBytes = 100;

    /// <summary>The most bytes of a message: the filler and everything around it.</summary>
    private const int MostBytes = FillerBytes + 24;

    private static readonly TimeSpan HandlerTime = TimeSpan.FromMilliseconds(100);

    private readonly HandlerTable _handlers = new();
    private readonly Dictionary<ulong, (int Count, long First, long Last)> _handled = [];
    private readonly Dictionary<ulong, CloseInfo> _ends = [];

    /// <summary>The time of the server, which computes for some of the messages.</summary>
    private long Now => World.Server.Host.Now;

    public override void Configure(NetServerOptions o)
    {
        Listen(0, new RateLimitOptions { MessagesPerSecond = PerSecond, MessageBurst = Burst });
        Listen(1, new RateLimitOptions { BytesPerSecond = PerSecond * MostBytes, ByteBurst = Burst * MostBytes });
        Listen(2, new RateLimitOptions { HandlerTimePerSecond = HandlerTime });

        void Listen(int index, RateLimitOptions limit) => o.Listen(Listener(index), listener =>
        {
            ConfigureListener(listener);
            listener.RateLimit = limit;
        });
    }

    public override void Register(NetServer server)
    {
        server.On<Load>((session, in load) =>
        {
            World.Server.Host.Compute(load.Nanoseconds);
            (int count, long first, _) = _handled.GetValueOrDefault(session.Id, (0, Now, 0));
            Require(load.Number == count + 1, $"message {load.Number} follows {count}");
            _handled[session.Id] = (count + 1, first, Now);
        });
    }

    public override void OnClosed(Session session, CloseInfo info) => Require(_ends.TryAdd(session.Id, info), $"session {session.Id} closes twice");

    protected override void Play()
    {
        Play(() => KeepAsync(0, 0));
        Play(() => KeepAsync(1, 0));
        Play(() => KeepAsync(2, (long)(HandlerTime.TotalNanoseconds / PerSecond / 4)));
        Play(() => ExceedAsync(0));
        Play(() => ExceedAsync(1));
        Play(() => ExceedSlowlyAsync(Random.Next(2)));
        Play(TakeTimeAsync);
    }

    /// <summary>Uses the whole burst and then, several times, nearly all of the allowance that has refilled.</summary>
    private async Task KeepAsync(int listener, long nanoseconds)
    {
        NetClient client = await OpenAsync(listener).ConfigureAwait(true);
        ulong id = client.Session.Id;
        int sent = 0;
        for (int round = 0; round < 5; round++)
        {
            // The burst at first; then the allowance refilled since the last message was handled, which is never more than the burst.
            int allowed = sent == 0 ? Burst : Math.Min(Burst, (int)(0.95 * PerSecond * (Now - _handled[id].Last) / 1e9));
            for (int i = 0; i < allowed; i++)
            {
                Send(client, ++sent, nanoseconds);
            }

            Require(
                await UntilAsync(() => CountOf(id) == sent || _ends.ContainsKey(id)).ConfigureAwait(true) && !_ends.ContainsKey(id),
                $"{CountOf(id)} of {sent} messages within the limit of listener {listener} are handled, and the session ended: {_ends.GetValueOrDefault(id)}");
            await PauseAsync(Random.Between(100, 2_500)).ConfigureAwait(true);
        }

        client.Session.Close();
        await client.Closed.ConfigureAwait(true);
    }

    /// <summary>Sends much more than the burst at once.</summary>
    private async Task ExceedAsync(int listener)
    {
        for (int time = 0; time < 2; time++)
        {
            NetClient client = await OpenAsync(listener).ConfigureAwait(true);
            ulong id = client.Session.Id;
            for (int i = 1; i <= 20 * Burst; i++)
            {
                Send(client, i, 0);
            }

            await ExpectLimitAsync(client, listener).ConfigureAwait(true);
            (int count, long first, long last) = _handled.GetValueOrDefault(id);

            // The message that exceeds the limit is still handled, and some allowance refills while the messages arrive. With a limit in bytes a few more
            // fit, as messages are shorter than their maximum.
            double mostBodies = listener == 0 ? 1 : (double)MostBytes / FillerBytes;
            double most = (mostBodies * (Burst + (PerSecond * (last - first + 100_000_000) / 1e9))) + 2;
            Require(count > Burst && count <= most, $"{count} messages of a session that sent too many are handled, {Burst} and up to {most} were allowed");
        }
    }

    /// <summary>Sends a little faster than the allowance refills, until the burst is used up.</summary>
    private async Task ExceedSlowlyAsync(int listener)
    {
        NetClient client = await OpenAsync(listener).ConfigureAwait(true);
        ulong id = client.Session.Id;
        long began = Now;
        int sent = 0;

        // At 1.5 times the refill rate the burst is gone after three bursts are sent; no session may be closed much earlier.
        while (sent < 8 * Burst && !_ends.ContainsKey(id))
        {
            int due = (int)(1.5 * PerSecond * (Now - began) / 1e9);
            while (sent < due)
            {
                Send(client, ++sent, 0);
            }

            await PauseAsync(20).ConfigureAwait(true);
        }

        await ExpectLimitAsync(client, listener).ConfigureAwait(true);
        Require(CountOf(id) > 2 * Burst, $"a session that sent half too much was closed after {CountOf(id)} messages");
    }

    /// <summary>Uses more handler time than allowed.</summary>
    private async Task TakeTimeAsync()
    {
        NetClient client = await OpenAsync(2).ConfigureAwait(true);
        ulong id = client.Session.Id;
        for (int i = 1; i <= 10; i++)
        {
            Send(client, i, (long)HandlerTime.TotalNanoseconds * 3 / 10);
        }

        await ExpectLimitAsync(client, 2).ConfigureAwait(true);
        Require(CountOf(id) is >= 4 and <= 6, $"{CountOf(id)} messages of three tenths of the allowed time each are handled");
    }

    private async Task ExpectLimitAsync(NetClient client, int listener)
    {
        ulong id = client.Session.Id;
        Require(await UntilAsync(() => _ends.ContainsKey(id)).ConfigureAwait(true), $"a session that exceeds the limit of listener {listener} is not closed");
        Require(
            _ends.GetValueOrDefault(id) is { Reason: CloseReason.RateLimited, ByPeer: false },
            $"a session that exceeds the limit of listener {listener} ends for {_ends.GetValueOrDefault(id)}");
        CloseInfo told = await client.Closed.ConfigureAwait(true);
        Require(told is { Reason: CloseReason.RateLimited, ByPeer: true }, $"a client that exceeds the limit of listener {listener} is told {told}");
    }

    private async Task<NetClient> OpenAsync(int listener)
    {
        NetClient client = Hosts.Clients.Dial(Listener(listener), _handlers);
        await client.Opened.ConfigureAwait(true);
        return client;
    }

    private void Send(NetClient client, int number, long nanoseconds)
    {
        SendStatus status = client.Send(new Load(number, nanoseconds, new byte[FillerBytes]));
        Require(status == SendStatus.Sent || client.Session.Status != SessionStatus.Open, $"message {number} is {status}");
    }

    private int CountOf(ulong session) => _handled.GetValueOrDefault(session).Count;
}

/// <summary>A message whose handler takes time.</summary>
[NetMessage(1020)]
internal readonly partial record struct Load([property: Key(0)] int Number, [property: Key(1)] long Nanoseconds, [property: Key(2)] BorrowedBytes Filler);
