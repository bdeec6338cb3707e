using System.Buffers.Text;
using System.Text;
using NetLoop.Fuzzing.Mutation;
using NetLoop.Fuzzing.Running;
using NetLoop.Transports.Datagrams.Netcode;

namespace NetLoop.Fuzzing.Targets;

/// <summary>
/// Connect tokens as clients, servers and people read them. The first byte of an input selects changes to a public token or to its private part, their bytes
/// themselves, changes to a challenge, or the text of a key.
/// </summary>
internal sealed class TokensTarget : IFuzzTarget
{
    private const int Forms = 6;

    private static readonly byte[] Public = NetcodeBench.NewToken(clientId: 3, number: 5);
    private static readonly string KeyText = new ConnectTokenKey(NetcodeBench.Key).Export();

    private readonly byte[] _token = new byte[ConnectTokenFormat.PublicBytes];

    public string Name => "tokens";

    public string Description => "reads connect tokens, their private parts, challenges and the text of keys";

    public void Generate(InputBuffer output, FuzzRandom random)
    {
        int form = random.Below(Forms);
        output.Add((byte)form);
        int length = form is 1 or 3 ? ConnectTokenFormat.PublicBytes / (form == 1 ? 1 : 2) : 0;
        if (length > 0)
        {
            output.Add(form == 1 ? Public : Public.AsSpan(0, length));
        }
        else if (form == 5)
        {
            output.Add(Encoding.ASCII.GetBytes(KeyText));
        }

        for (int zeros = random.Below(random.OneIn(2) ? 40 : 1_400); form != 5 && zeros > 0; zeros--)
        {
            output.Add(0);
        }

        output.Add(random.NextByte());
    }

    public void Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        int form = input.IsEmpty ? 0 : input[0] % Forms;
        ReadOnlySpan<byte> rest = input.IsEmpty ? input : input[1..];
        switch (form)
        {
            case 0:
                ReadPublic(Changed(Public, rest), probe);
                break;

            case 1:
                ReadPublic(rest, probe);
                break;

            case 2:
                Span<byte> secret = _token.AsSpan(0, ConnectTokenFormat.PrivateBytes);
                ConnectTokenFormat.TryRead(Public, out PublicToken content);
                secret.Clear();
                ConnectTokenFormat.WritePrivate(secret, content, [1, 2, 3], 3);
                Change(secret, rest);
                ReadPrivate(secret, probe);
                break;

            case 3:
                ReadPrivate(rest, probe);
                break;

            case 4:
                ReadChallenge(rest, probe);
                break;

            default:
                ReadKey(rest, probe);
                break;
        }
    }

    /// <summary>Oracles: what can be read has 1 to 32 servers, is printed without its keys, and is itself when it is written again.</summary>
    private static void ReadPublic(ReadOnlySpan<byte> bytes, FuzzProbe probe)
    {
        probe.BeginMeasure();
        bool isToken = ConnectTokenFormat.TryRead(bytes, out PublicToken token);
        probe.EndMeasure(bytes.Length);
        probe.Visit(700, isToken ? 1 : 0, token.Servers.Length);
        if (!isToken)
        {
            return;
        }

        FuzzProbe.Require(token.Servers.Length is >= 1 and <= ConnectTokenFormat.MaxServers, $"a token with {token.Servers.Length} servers");
        FuzzProbe.Require(token.CreateTimestamp <= token.ExpireTimestamp, "a token that expires before it was made");
        ConnectToken parsed = ConnectToken.Parse(bytes);
        FuzzProbe.Require(parsed.Servers.Count == token.Servers.Length && parsed.Bytes.Span.SequenceEqual(bytes), "a token is another when it is read again");
        string text = parsed.ToString();
        FuzzProbe.Require(!text.Any(char.IsControl), "a token's text has control characters");
        byte[] again = new byte[ConnectTokenFormat.PublicBytes];
        ConnectTokenFormat.Write(again, token, [], 0, NetcodeBench.Key);
        token.Secret.CopyTo(again.AsSpan(again.AsSpan().IndexOf(token.Nonce) + token.Nonce.Length));
        FuzzProbe.Require(ConnectTokenFormat.TryRead(again, out PublicToken same), "a token that was written again cannot be read");
        FuzzProbe.Require(
            same.Servers.SequenceEqual(token.Servers) && same.ClientToServerKey.SequenceEqual(token.ClientToServerKey)
                && same.ServerToClientKey.SequenceEqual(token.ServerToClientKey) && same.TimeoutSeconds == token.TimeoutSeconds,
            "a token that was written again is another");
        NetcodeClient client = new(token, token.Servers[0], 0, NetcodeBench.Now);
        FuzzProbe.Require(client.WriteDue(NetcodeBench.Now).Length == NetcodePacket.RequestBytes, "a client with a strange token sends a strange request");
    }

    private static void ReadPrivate(ReadOnlySpan<byte> bytes, FuzzProbe probe)
    {
        DatagramAddress[] ours = [NetcodeBench.ServerAddress];
        probe.BeginMeasure();
        bool isToken = ConnectTokenFormat.TryReadPrivate(bytes, out PrivateToken token);
        bool isOurs = isToken && ConnectTokenFormat.Contains(token.Servers, ours);
        probe.EndMeasure(bytes.Length);
        FuzzProbe.Require(
            !isToken || (token.UserData.Length == ConnectTokenFormat.UserDataBytes && token.ClientToServerKey.Length == Sodium.KeyBytes),
            "a private part has too few bytes");
        probe.Visit(701, (isToken ? 1 : 0) + (isOurs ? 2 : 0), token.Servers.Length);
    }

    /// <summary>Oracle: only an unchanged challenge can be read.</summary>
    private void ReadChallenge(ReadOnlySpan<byte> changes, FuzzProbe probe)
    {
        Span<byte> challenge = _token.AsSpan(0, ChallengeToken.Bytes);
        ChallengeToken.Write(challenge, 9, [4, 5], 77, NetcodeBench.Key);
        bool isChanged = Change(challenge, changes);
        bool isRead = ChallengeToken.TryRead(challenge, 77, NetcodeBench.Key, out ulong clientId, out ReadOnlySpan<byte> userData);
        FuzzProbe.Require(isRead == !isChanged, $"a challenge that was changed, {isChanged}, is read, {isRead}");
        FuzzProbe.Require(!isRead || (clientId == 9 && userData[0] == 4), "a challenge is another when it is read");
        probe.Visit(702, isRead ? 1 : 0, changes.Length);
    }

    /// <summary>Oracle: a key's text is a key exactly when it is 32 bytes in base64, with white space around it.</summary>
    private static void ReadKey(ReadOnlySpan<byte> bytes, FuzzProbe probe)
    {
        string text = Encoding.Latin1.GetString(bytes);
        byte[] decoded = new byte[Base64.GetMaxDecodedFromUtf8Length(bytes.Length) + 3];
        bool isKey = Convert.TryFromBase64String(text.Trim(), decoded, out int written) && written == ConnectTokenKey.Length;
        try
        {
            ConnectTokenKey key = ConnectTokenKey.Parse(text);
            FuzzProbe.Require(isKey && key.Bytes.AsSpan().SequenceEqual(decoded.AsSpan(0, written)), "a text that is no key is read as one");
            FuzzProbe.Require(!key.ToString().Contains(key.Export(), StringComparison.Ordinal), "a key prints its bytes");
        }
        catch (FormatException)
        {
            FuzzProbe.Require(!isKey, "a key is not read");
        }

        probe.Visit(703, isKey ? 1 : 0, written);
    }

    private ReadOnlySpan<byte> Changed(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> changes)
    {
        bytes.CopyTo(_token);
        Change(_token, changes);
        return _token;
    }

    private static bool Change(Span<byte> bytes, ReadOnlySpan<byte> changes)
    {
        bool isChanged = false;
        for (int i = 0; i < Math.Min(bytes.Length, changes.Length); i++)
        {
            bytes[i] ^= changes[i];
            isChanged |= changes[i] != 0;
        }

        return isChanged;
    }
}
