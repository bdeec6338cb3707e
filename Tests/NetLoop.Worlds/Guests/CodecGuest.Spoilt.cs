using System.Buffers.Binary;

namespace NetLoop.Worlds.Guests;

/// <content>
/// Contracts with changed bytes: bytes that still fit the contract get a response, another valid value gets MalformedPayload, and bytes that are no value end
/// the session.
/// </content>
internal sealed partial class CodecGuest
{
    private const int SpoiltRequests = 60;
    private const byte RequestId = 200;

    private bool _isSpoiling;

    private async Task SpoilAsync(Values values)
    {
        _isSpoiling = true;
        RawPeer? peer = null;
        for (int i = 0; i < SpoiltRequests; i++)
        {
            if (peer is null)
            {
                peer = new RawPeer(Hosts, Random, Listener(0));
                peer.Send(AttackFrames.Hello);
                byte[] welcome = await NextAsync(peer).ConfigureAwait(true);
                Require(welcome is [0x94, 0x01, 0x00, 0xC0, ..], $"Hello is answered with {Convert.ToHexString(welcome)}");
            }

            (byte[] body, bool fits, bool isValue) = Draw(values);
            peer.Send(AttackFrames.Frame(body));
            byte[] answer = await NextAsync(peer).ConfigureAwait(true);
            bool isAnswered = answer is [0x94, 0x01, 0xCC, RequestId, 0xC0, ..] or [0x94, 0x01, 0xCC, RequestId, 0x92, ErrorCode.TooLarge, ..];
            bool isMisfit = answer is [0x94, 0x01, 0xCC, RequestId, 0x92, ErrorCode.MalformedPayload, ..];
            bool isEnd = answer is [0x93, 0x02, 0x03, 0x92, (byte)CloseReason.Malformed, ..];
            Require(
                fits ? isAnswered : isValue ? isMisfit : isEnd,
                $"{Convert.ToHexString(body)}, which fits: {fits}, and is one value: {isValue}, is answered with {Convert.ToHexString(answer)}");
            if (isEnd)
            {
                Require(await peer.UntilOverAsync().ConfigureAwait(true), $"the session goes on after {Convert.ToHexString(body)}");
                peer = null;
            }
        }

        peer?.EndStream();
        Require(peer is null || await peer.UntilOverAsync().ConfigureAwait(true), $"the session does not end with its stream");
    }

    /// <summary>The next response or Goodbye; empty when there is none.</summary>
    private static async Task<byte[]> NextAsync(RawPeer peer)
    {
        byte[] found = [];
        await peer.UntilAsync(() =>
        {
            while (found.Length == 0
                && peer.Received.Length >= sizeof(int)
                && BinaryPrimitives.ReadInt32BigEndian(peer.Received) is var length
                && peer.Received.Length >= sizeof(int) + length)
            {
                byte[] body = peer.Received.Slice(sizeof(int), length).ToArray();
                peer.Take(sizeof(int) + length);
                found = body is [0x94, ..] or [0x93, 0x02, 0x03, ..] ? body : [];
            }

            return found.Length > 0;
        }).ConfigureAwait(true);
        return found;
    }

    private (byte[] Body, bool Fits, bool IsValue) Draw(Values values) => Random.Next(7) switch
    {
        0 => Spoil(1000, values.Numbers()),
        1 => Spoil(1001, values.Pose()),
        2 => Spoil(1002, values.Things()),
        3 => Spoil(1003, values.Crowds()),
        4 => Spoil(1004, values.Options()),
        5 => Spoil(1006, new Coded(values.Long(), values.Text())),
        _ => Spoil(1007, values.Tally()),
    };

    /// <summary>A request with some bytes changed, or its end cut off: [0, id, type, payload].</summary>
    private (byte[] Body, bool Fits, bool IsValue) Spoil<T>(int type, T value)
        where T : INetMessage<T>
    {
        byte[] payload = NetMessagePack.Serialize(value);
        for (int i = Random.Next(4); i > 0; i--)
        {
            payload[Random.Next(payload.Length)] = Random.Chance(0.3) ? (byte)0xC0 : (byte)Random.Next(256);
        }

        if (Random.Chance(0.1))
        {
            payload = payload[..Random.Between(1, payload.Length)];
        }

        bool fits = NetMessagePack.TryDeserialize(payload, DecodeLimits.Default, out T? _, out _, out Exception? thrown);
        if (thrown is not null)
        {
            World.Server.CountHandlerFault();
        }

        var reader = new NetReader(payload, DecodeLimits.Default);
        bool isValue = reader.TrySkip() && reader.Remaining == 0;
        return ([0x94, 0x00, 0xCC, RequestId, 0xCD, (byte)(type >> 8), (byte)type, .. payload], fits, isValue);
    }
}
