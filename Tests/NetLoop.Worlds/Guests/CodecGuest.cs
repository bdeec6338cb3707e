namespace NetLoop.Worlds.Guests;

/// <summary>
/// Sends contracts with members of every type, as messages and as requests; both sides compare what arrives with the values that were drawn, member by
/// member.
/// </summary>
internal sealed partial class CodecGuest(World world, SeededRandom random) : Guest(world, random)
{
    private const int Rounds = 12;

    private readonly HandlerTable _handlers = new();
    private readonly Queue<string> _expected = new();
    private int _arrived;
    private int _sent;

    public override void Configure(NetServerOptions o) => o.Listen(Listener(0), ConfigureListener);

    public override void Register(NetServer server)
    {
        Take<Numbers>(server.Handlers);
        Take<Pose>(server.Handlers);
        Take<Tally>(server.Handlers);
        Take<Things>(server.Handlers);
        Take<Crowds>(server.Handlers);
        Take<Options>(server.Handlers);
        Take<Coded>(server.Handlers);
        server.On<Lent>((_, in lent) =>
        {
            int sum = 0;
            foreach (byte one in lent.Bytes.Span)
            {
                sum += one;
            }

            Require(sum == lent.Sum, $"lent bytes add up to {sum} and were {lent.Sum}");
            CheckCopies(lent.Bytes);
            Arrived(lent.Bytes.Length.ToString(System.Globalization.CultureInfo.InvariantCulture));
        });
    }

    public override void CheckEnd() => Require(_arrived == _sent && _expected.Count == 0, $"{_sent} messages were sent and {_arrived} handled");

    protected override void Play() => Play(async () =>
    {
        NetClient client = Hosts.Clients.Dial(Listener(0), _handlers);
        await client.Opened.ConfigureAwait(true);
        var values = new Values(Random);
        for (int i = 0; i < Rounds; i++)
        {
            await PlayOneAsync(client, values).ConfigureAwait(true);
        }

        Require(await UntilAsync(() => _arrived == _sent).ConfigureAwait(true), $"{_sent} messages were sent and {_arrived} handled");
        client.Session.Close();
        await client.Closed.ConfigureAwait(true);
        await SpoilAsync(values).ConfigureAwait(true);
    });

    private Task PlayOneAsync(NetClient client, Values values)
    {
        switch (Random.Next(8))
        {
            case 0:
                return SayAsync(client, values.Numbers());

            case 1:
                return SayAsync(client, values.Pose());

            case 2:
                return SayAsync(client, values.Things());

            case 3:
                return SayAsync(client, values.Crowds());

            case 4:
                return SayAsync(client, values.Options());

            case 5:
                return SayAsync(client, new Coded(values.Long(), values.Text()));

            case 6:
                return SayAsync(client, values.Tally());

            default:
                byte[] bytes = values.Bytes(4_000);
                Sent(client.Send(new Lent(bytes, bytes.Sum(static one => one))), bytes.Length.ToString(System.Globalization.CultureInfo.InvariantCulture));
                return Task.CompletedTask;
        }
    }

    /// <summary>Sends the value as a message, sometimes twice in a row, and once as a request that returns it.</summary>
    private async Task SayAsync<T>(NetClient client, T value)
        where T : INetMessage<T>, ISpoken
    {
        string said = value.Say();
        for (int count = Random.Between(1, 2); count > 0; count--)
        {
            Sent(client.Send(value), said);
        }

        if (Random.Chance(0.5))
        {
            _expected.Enqueue(said);
            _sent++;
            T answer = await client.RequestAsync<T, T>(value).ConfigureAwait(true);
            Require(answer.Say() == said, $"the answer differs: {answer.Say()} instead of {said}");
        }
    }

    private void Sent(SendStatus status, string said)
    {
        Require(status == SendStatus.Sent, $"a message is {status}");
        _expected.Enqueue(said);
        _sent++;
    }

    private void Take<T>(HandlerTable handlers)
        where T : INetMessage<T>, ISpoken
    {
        handlers.On<T>((_, in value) => Arrived(value.Say()));
        handlers.OnRequest<T, T>((_, in value) =>
        {
            Arrived(value.Say());
            return value;
        });
    }

    /// <summary>Borrowed bytes and their copies are equal in every way of comparing them.</summary>
    private void CheckCopies(BorrowedBytes lent)
    {
        BorrowedBytes copy = lent.ToArray();
        object boxed = copy;
        Require(copy == lent && !(copy != lent) && boxed.Equals(lent), $"a copy of {lent} differs");
        Require(copy.GetHashCode() == lent.GetHashCode() && copy.IsEmpty == (lent.Length == 0), $"a copy of {lent} has another hash code");
    }

    private void Arrived(string said)
    {
        if (_isSpoiling)
        {
            return;
        }

        _arrived++;
        Require(_expected.TryDequeue(out string? expected) && expected == said, $"what arrived differs: {said} instead of {expected}");
    }
}
