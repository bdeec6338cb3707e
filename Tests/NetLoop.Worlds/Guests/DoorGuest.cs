using System.Text;

namespace NetLoop.Worlds.Guests;

/// <summary>Admission: every refusal gives its reason, to the client concerned and to nobody else, and frees the place it took.</summary>
internal sealed class DoorGuest(World world, SeededRandom random) : Guest(world, random)
{
    private const ulong Fingerprint = 0xF00D_0000_0000_0001;
    private const int MostFromOneAddress = 3;
    private const string Refusal = "nicht für dich: 不";

    private static readonly TimeSpan HandshakeLimit = TimeSpan.FromSeconds(2);

    private readonly HandlerTable _handlers = new();
    private readonly Dictionary<ulong, object?> _identities = [];
    private readonly HashSet<ulong> _left = [];

    public override bool Authenticates => true;

    public override void Configure(NetServerOptions o)
    {
        o.ContractFingerprint = Fingerprint;
        o.Listen(Listener(0), listener =>
        {
            ConfigureListener(listener);
            listener.HandshakeTimeout = HandshakeLimit;
        });
        o.Listen(Listener(1), listener =>
        {
            ConfigureListener(listener);
            listener.MaxConnectionsPerAddress = MostFromOneAddress;
        });
        o.Listen(Listener(2), listener =>
        {
            ConfigureListener(listener);
            listener.MaxNewConnectionsPerAddress = 2;
        });
    }

    public override void OnOpened(Session session) => _identities.Add(session.Id, session.UserData);

    public override void OnClosed(Session session, CloseInfo info) => _left.Add(session.Id);

    /// <summary>The token says what to decide.</summary>
    public override async ValueTask<AuthenticationResult> AuthenticateAsync(AuthenticationRequest request, CancellationToken cancellation)
    {
        string token = Encoding.UTF8.GetString(request.Token.Span);
        if (token == "throw")
        {
            throw new InvalidOperationException("as asked");
        }

        if (token.StartsWith("late", StringComparison.Ordinal))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(Random.Between(1, 300)), World.Server.Host.Clock, cancellation).ConfigureAwait(true);
        }

        if (token == "never")
        {
            await Task.Delay(TimeSpan.FromHours(1), World.Server.Host.Clock, cancellation).ConfigureAwait(true);
        }

        return token switch
        {
            "no" or "late no" => AuthenticationResult.Reject(Refusal),
            "late throw" => throw new InvalidOperationException("as asked, later"),
            "null" or "late null" => null!,
            _ => AuthenticationResult.Accept(token),
        };
    }

    protected override void Play()
    {
        Play(async () =>
        {
            string[] tokens = ["yes", "late yes", "no", "late no", "throw", "late throw", "null", "late null", "never", ""];
            foreach (string token in tokens.OrderBy(_ => Random.NextUInt64()))
            {
                await ComeAsync(token).ConfigureAwait(true);
            }
        });
        Play(async () =>
        {
            await CompareAsync(Fingerprint, isIn: true).ConfigureAwait(true);
            await CompareAsync(Fingerprint ^ (1UL << Random.Next(64)), isIn: false).ConfigureAwait(true);
            await CompareAsync(0, isIn: true).ConfigureAwait(true);
        });
        Play(async () =>
        {
            // A Hello of another version with other fields, [0, 0, 1, [0, "old", [], 7]]; a Hello without fields; and something else altogether.
            await SayAsync(
                [0x94, 0x00, 0x00, 0x01, 0x94, (byte)(Random.Chance(0.5) ? 0 : 2), 0xA3, 0x6F, 0x6C, 0x64, 0x90, 0x07],
                CloseReason.VersionMismatch,
                ErrorCode.VersionMismatch).ConfigureAwait(true);
            await SayAsync([0x94, 0x00, 0x00, 0x01, 0x07], CloseReason.Malformed, 0).ConfigureAwait(true);
            await SayAsync([0x93, 0x02, 0x40, 0x90], CloseReason.Malformed, 0).ConfigureAwait(true);
            await SayAsync([0xC1], CloseReason.Malformed, 0).ConfigureAwait(true);
            await SayAsync([], CloseReason.HandshakeTimeout, 0).ConfigureAwait(true);
        });
        Play(CrowdAsync);
        Play(HurryAsync);
    }

    private async Task ComeAsync(string token)
    {
        NetClient client = Hosts.Clients.Dial(Listener(0), _handlers, o => o.Token = Encoding.UTF8.GetBytes(token));
        (bool isIn, CloseReason reason, string text) = token switch
        {
            "yes" or "late yes" or "" => (true, CloseReason.Normal, ""),
            "no" or "late no" => (false, CloseReason.Unauthorized, Refusal),
            "never" => (false, CloseReason.HandshakeTimeout, ""),
            _ => (false, CloseReason.Unauthorized, "The authenticator failed."),
        };
        await ExpectAsync(client, isIn, reason, text, "token " + token).ConfigureAwait(true);
        if (isIn)
        {
            ulong id = client.Session.Id;
            Require(
                await UntilAsync(() => _identities.ContainsKey(id)).ConfigureAwait(true) && Equals(_identities[id], token),
                $"who says {token} is known as {_identities.GetValueOrDefault(id)}");
            await LeaveAsync(client).ConfigureAwait(true);
        }
    }

    private async Task CompareAsync(ulong fingerprint, bool isIn)
    {
        NetClient client = Hosts.Clients.Dial(Listener(0), _handlers, o => o.ContractFingerprint = fingerprint);
        await ExpectAsync(
            client,
            isIn,
            CloseReason.VersionMismatch,
            $"The contracts differ: server 0x{Fingerprint:x16}, client 0x{fingerprint:x16}.",
            $"fingerprint {fingerprint:x}").ConfigureAwait(true);
        if (isIn)
        {
            await LeaveAsync(client).ConfigureAwait(true);
        }
    }

    private async Task ExpectAsync(NetClient client, bool isIn, CloseReason reason, string text, string who)
    {
        try
        {
            await client.Opened.ConfigureAwait(true);
            Require(isIn, $"{who} is let in");
        }
        catch (NetConnectException refusal)
        {
            Require(!isIn && refusal.Reason == reason, $"{who} is refused: {refusal.Message}");
            CloseInfo info = await client.Closed.ConfigureAwait(true);
            Require(
                info.Reason == reason && info.ByPeer && (text.Length == 0 || info.Text == text),
                $"{who} is told {info}, by the server: {info.ByPeer}; not {reason}: {text}");
        }
    }

    /// <summary>A raw client sends something else first: the response has an error if there can be a response, and Goodbye has the reason.</summary>
    private async Task SayAsync(byte[] body, CloseReason reason, int error)
    {
        var peer = new RawPeer(Hosts, Random, Listener(0));
        if (body.Length > 0)
        {
            peer.Send(AttackFrames.Frame(body));
        }

        Require(await peer.UntilOverAsync().ConfigureAwait(true), $"the server goes on after {Convert.ToHexString(body)}");
        byte[] heard = peer.Received.ToArray();
        byte[] goodbye = [0x93, 0x02, 0x03, 0x92, (byte)reason];
        byte[] response = [0x94, 0x01, 0x00, 0x92, (byte)error];
        Require(
            heard.AsSpan().IndexOf(goodbye) > 0,
            $"after {Convert.ToHexString(body)} the server says {Convert.ToHexString(heard)}, without Goodbye for {reason}");
        Require(
            error == 0 || heard.AsSpan().IndexOf(response) == sizeof(int),
            $"after {Convert.ToHexString(body)} the server says {Convert.ToHexString(heard)}, without error {error}");
    }

    /// <summary>Opens as many connections as one address may have, and one more, several times.</summary>
    private async Task CrowdAsync()
    {
        List<NetClient> inside = [];
        for (int round = 0; round < 4; round++)
        {
            while (inside.Count < MostFromOneAddress)
            {
                NetClient client = Hosts.Clients.Dial(Listener(1), _handlers);
                await ExpectAsync(client, isIn: true, CloseReason.Normal, "", $"number {inside.Count} from one address").ConfigureAwait(true);
                inside.Add(client);
            }

            NetClient other = Hosts.Clients.Dial(Listener(1), _handlers);
            await ExpectAsync(
                other, isIn: false, CloseReason.RateLimited, "Too many connections from this address; try again later.", "one too many").ConfigureAwait(true);
            for (int leaving = Random.Between(1, MostFromOneAddress); leaving > 0; leaving--)
            {
                NetClient client = inside[^1];
                inside.RemoveAt(inside.Count - 1);
                await LeaveAsync(client).ConfigureAwait(true);
            }

            await PauseAsync(50).ConfigureAwait(true);
        }

        foreach (NetClient client in inside)
        {
            await LeaveAsync(client).ConfigureAwait(true);
        }
    }

    /// <summary>Opens twice as many connections at once as are allowed in a second, waits, and repeats it.</summary>
    private async Task HurryAsync()
    {
        for (int round = 0; round < 2; round++)
        {
            NetClient[] clients = [.. Enumerable.Range(0, 10).Select(_ => Hosts.Clients.Dial(Listener(2), _handlers))];
            int opened = 0;
            foreach (NetClient client in clients)
            {
                try
                {
                    await client.Opened.ConfigureAwait(true);
                    opened++;
                    await LeaveAsync(client).ConfigureAwait(true);
                }
                catch (NetConnectException refusal)
                {
                    Require(refusal.Reason == CloseReason.RateLimited, $"who comes too often is refused: {refusal.Message}");
                }
            }

            // All came at once; the seed decides how long the accepts took.
            Require(opened is >= 4 and <= 7, $"{opened} of ten at once are let in, four may come");
            await PauseAsync(2_500).ConfigureAwait(true);
        }
    }

    private async Task LeaveAsync(NetClient client)
    {
        ulong id = client.Session.Id;
        client.Session.Close();
        await client.Closed.ConfigureAwait(true);
        Require(await UntilAsync(() => _left.Contains(id)).ConfigureAwait(true), $"session {id} has left and is still open at the server");
    }
}
