using System.Buffers.Binary;
using System.Text.Json;
using NetLoop.Transports.Datagrams.Netcode;
using NUnit.Framework;

namespace NetLoop.Tests.Transports.Datagrams.Netcode;

/// <summary>Tokens and packets that the reference implementation made (netcode.c 1.02): the same bytes in both directions.</summary>
[Parallelizable]
public sealed class NetcodeVectorTests
{
    private static readonly JsonElement Vectors = Load();

    [OneTimeSetUp]
    public void LoadLibrary() => Sodium.Load();

    [Test]
    public void ConnectToken_WrittenAndRead_IsTheReferences()
    {
        foreach (JsonElement vector in Vectors.GetProperty("connectTokens").EnumerateArray())
        {
            byte[] expected = Bytes(vector, "publicToken");
            byte[] userData = Bytes(vector, "userData");
            byte[] key = Bytes(vector, "privateKey");
            var content = new PublicToken(
                Number(vector, "protocolId"),
                Number(vector, "createTimestamp"),
                Number(vector, "expireTimestamp"),
                Bytes(vector, "nonce"),
                int.Parse(Text(vector, "timeoutSeconds"), null),
                Servers(vector),
                Bytes(vector, "clientToServerKey"),
                Bytes(vector, "serverToClientKey"));
            byte[] written = new byte[ConnectTokenFormat.PublicBytes];
            ConnectTokenFormat.Write(written, content, userData, Number(vector, "clientId"), key);
            Assert.That(Convert.ToHexStringLower(written), Is.EqualTo(Convert.ToHexStringLower(expected)));

            Assert.That(ConnectTokenFormat.TryRead(expected, out PublicToken read), Is.True);
            Assert.That(read.Servers.ToArray(), Is.EqualTo(content.Servers.ToArray()));
            Assert.That(
                (read.ProtocolId, read.CreateTimestamp, read.ExpireTimestamp),
                Is.EqualTo((content.ProtocolId, content.CreateTimestamp, content.ExpireTimestamp)));
            Assert.That(read.TimeoutSeconds, Is.EqualTo(content.TimeoutSeconds));
            Assert.That(read.ClientToServerKey.SequenceEqual(content.ClientToServerKey), Is.True);
            Assert.That(read.ServerToClientKey.SequenceEqual(content.ServerToClientKey), Is.True);

            byte[] secret = read.Secret.ToArray();
            Assert.That(ConnectTokenFormat.TryOpenPrivate(secret, read.ProtocolId, read.ExpireTimestamp, read.Nonce, key), Is.True);
            byte[] decrypted = Bytes(vector, "privateDataDecrypted");
            Assert.That(Convert.ToHexStringLower(secret.AsSpan(0, decrypted.Length)), Is.EqualTo(Convert.ToHexStringLower(decrypted)));
            Assert.That(ConnectTokenFormat.TryReadPrivate(secret, out PrivateToken token), Is.True);
            Assert.That((token.ClientId, token.TimeoutSeconds), Is.EqualTo((Number(vector, "clientId"), content.TimeoutSeconds)));
            Assert.That(token.UserData.SequenceEqual(userData), Is.True);
            Assert.That(ConnectTokenFormat.Contains(token.Servers, [content.Servers[^1]]), Is.True);
            Assert.That(ConnectTokenFormat.Contains(token.Servers, [new DatagramAddress(1, 1)]), Is.False);
        }
    }

    [Test]
    public void ConnectToken_EveryByteOfThePrivatePartChanged_IsRejected()
    {
        JsonElement vector = Vectors.GetProperty("connectTokens")[0];
        byte[] publicToken = Bytes(vector, "publicToken");
        Assert.That(ConnectTokenFormat.TryRead(publicToken, out PublicToken read), Is.True);
        for (int i = 0; i < read.Secret.Length; i += 13)
        {
            byte[] secret = read.Secret.ToArray();
            secret[i] ^= 1;
            Assert.That(ConnectTokenFormat.TryOpenPrivate(secret, read.ProtocolId, read.ExpireTimestamp, read.Nonce, Bytes(vector, "privateKey")), Is.False);
        }
    }

    [Test]
    public void ChallengeToken_WrittenAndRead_IsTheReferences()
    {
        foreach (JsonElement vector in Vectors.GetProperty("challengeTokens").EnumerateArray())
        {
            byte[] expected = Bytes(vector, "encrypted");
            byte[] written = new byte[ChallengeToken.Bytes];
            ChallengeToken.Write(written, Number(vector, "clientId"), Bytes(vector, "userData"), Number(vector, "sequence"), Bytes(vector, "key"));
            Assert.That(Convert.ToHexStringLower(written), Is.EqualTo(Convert.ToHexStringLower(expected)));
            Assert.That(
                ChallengeToken.TryRead(expected, Number(vector, "sequence"), Bytes(vector, "key"), out ulong clientId, out ReadOnlySpan<byte> userData),
                Is.True);
            Assert.That(clientId, Is.EqualTo(Number(vector, "clientId")));
            Assert.That(userData.SequenceEqual(Bytes(vector, "userData")), Is.True);
        }
    }

    [Test]
    public void Packet_SealedAndOpened_IsTheReferences()
    {
        foreach (JsonElement vector in Vectors.GetProperty("packets").EnumerateArray())
        {
            var type = (NetcodePacketType)Number(vector, "type");
            byte[] content = Content(vector, type);
            byte[] expected = Bytes(vector, "encrypted");
            byte[] buffer = new byte[NetcodePacket.MaxOverheadBytes + content.Length];
            content.CopyTo(buffer.AsSpan(NetcodePacket.MaxHeaderBytes));
            int length = NetcodePacket.Seal(
                buffer, content.Length, type, Number(vector, "sequence"), Number(vector, "protocolId"), Bytes(vector, "key"), out int start);
            string name = $"{type} {Text(vector, "sequence")}";
            Assert.That(Convert.ToHexStringLower(buffer.AsSpan(start, length)), Is.EqualTo(Convert.ToHexStringLower(expected)), name);

            Assert.That(NetcodePacket.TryReadHeader(expected, out NetcodePacketType readType, out ulong sequence, out int headerBytes), Is.True);
            Assert.That((readType, sequence), Is.EqualTo((type, Number(vector, "sequence"))));
            var replays = default(ReplayWindow);
            Assert.That(
                NetcodePacket.TryOpen(
                    expected, type, sequence, headerBytes, Number(vector, "protocolId"), Bytes(vector, "key"), ref replays, out Span<byte> opened),
                Is.True);
            Assert.That(opened.SequenceEqual(content), Is.True);
        }
    }

    private static byte[] Content(JsonElement vector, NetcodePacketType type)
    {
        switch (type)
        {
            case NetcodePacketType.Challenge or NetcodePacketType.Response:
                byte[] sequence = new byte[8];
                BinaryPrimitives.WriteUInt64LittleEndian(sequence, Number(vector, "challengeTokenSequence"));
                return [.. sequence, .. Bytes(vector, "challengeTokenData")];

            case NetcodePacketType.KeepAlive:
                byte[] keepAlive = new byte[8];
                BinaryPrimitives.WriteUInt32LittleEndian(keepAlive, (uint)Number(vector, "clientIndex"));
                BinaryPrimitives.WriteUInt32LittleEndian(keepAlive.AsSpan(4), (uint)Number(vector, "maxClients"));
                return keepAlive;

            case NetcodePacketType.Payload:
                return Bytes(vector, "payload");

            default:
                return [];
        }
    }

    private static DatagramAddress[] Servers(JsonElement vector) =>
    [
        .. vector.GetProperty("serverAddresses")
            .EnumerateArray()
            .Select(address => DatagramAddress.From(NetEndpoint.Parse($"udp://{address.GetString()}"))),
    ];

    private static JsonElement Load()
    {
        using Stream file = typeof(NetcodeVectorTests).Assembly.GetManifestResourceStream("netcode-vectors.json")!;
        return JsonDocument.Parse(file).RootElement;
    }

    private static string Text(JsonElement vector, string name) => vector.GetProperty(name).ToString();

    private static ulong Number(JsonElement vector, string name) => ulong.Parse(Text(vector, name), null);

    private static byte[] Bytes(JsonElement vector, string name) => Convert.FromHexString(vector.GetProperty(name).GetString()!);
}
