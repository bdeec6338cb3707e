using System.Buffers.Binary;

namespace NetLoop.Worlds.Guests;

/// <summary>
/// A client of another library, which writes each number in any encoding that holds it. The server must read the same number, or respond with
/// MalformedPayload if the member's type cannot hold it.
/// </summary>
internal sealed class FormsGuest(World world, SeededRandom random) : Guest(world, random)
{
    public const int WholeType = 1010;
    public const int LooseType = 1011;

    private const int Requests = 40;
    private const int FirstId = 128;

    private readonly Dictionary<long, string> _expected = [];
    private readonly HashSet<long> _handled = [];

    public override void Configure(NetServerOptions o) => o.Listen(Listener(0), ConfigureListener);

    public override void Register(NetServer server)
    {
        server.OnRequest<Whole, Answer>((_, in whole) => Arrived(whole.Number, whole.Say()));
        server.OnRequest<Loose, Answer>((_, in loose) => Arrived(loose.Number, loose.Say()));
    }

    protected override void Play() => Play(async () =>
    {
        var peer = new RawPeer(Hosts, Random, Listener(0));
        peer.Send(AttackFrames.Hello);
        var fits = new bool[Requests];
        for (int i = 0; i < Requests; i++)
        {
            peer.Send(Ask(i, out fits[i]));
        }

        int answers = -1; // The response to Hello comes first.
        await peer.UntilAsync(() =>
        {
            while (TakeFrame(peer, out byte[] body))
            {
                CheckAnswer(body, fits, ref answers);
            }

            return answers == Requests;
        }).ConfigureAwait(true);
        Require(answers == Requests, $"{answers} of {Requests} requests are answered");
        peer.EndStream();
        Require(await peer.UntilOverAsync().ConfigureAwait(true) && peer.End == SocketStatus.Ok, $"the connection ends with {peer.End}");
    });

    private static bool TakeFrame(RawPeer peer, out byte[] body)
    {
        body = [];
        if (peer.Received.Length < sizeof(int))
        {
            return false;
        }

        int length = BinaryPrimitives.ReadInt32BigEndian(peer.Received);
        if (peer.Received.Length < sizeof(int) + length)
        {
            return false;
        }

        body = peer.Received.Slice(sizeof(int), length).ToArray();
        peer.Take(sizeof(int) + length);
        return true;
    }

    private static Int128 Power(int bits) => Int128.One << bits;

    private void CheckAnswer(byte[] body, bool[] fits, ref int answers)
    {
        if (body is [0x93, 0x02, ..])
        {
            return; // News and other broadcasts.
        }

        if (answers < 0)
        {
            Require(body is [0x94, 0x01, 0x00, 0xC0, ..], $"Hello is answered with {Convert.ToHexString(body)}");
        }
        else
        {
            // [1, id, error, result]: the id in two bytes, and an error of code 2 for a payload that does not fit.
            bool isFit = body is [0x94, 0x01, 0xCC, _, 0xC0, ..];
            bool isMisfit = body is [0x94, 0x01, 0xCC, _, 0x92, ErrorCode.MalformedPayload, ..];
            int index = body.Length > 3 ? body[3] - FirstId : -1;
            Require(
                index >= 0 && index < fits.Length && (isFit || isMisfit) && isFit == fits[index],
                $"request {index}, which fits: {fits.ElementAtOrDefault(index)}, is answered with {Convert.ToHexString(body)}");
            Require(
                index < 0 || isFit == _handled.Contains(index),
                $"request {index} was handled: {_handled.Contains(index)}, and is answered with {Convert.ToHexString(body)}");
        }

        answers++;
    }

    private Answer Arrived(long number, string said)
    {
        Require(_handled.Add(number), $"request {number} is handled twice");
        Require(_expected.GetValueOrDefault(number) == said, $"request {number} says {said} instead of {_expected.GetValueOrDefault(number)}");
        return new Answer(number, 0);
    }

    /// <summary>A request: [0, id, type, members], each number in any encoding that holds it.</summary>
    private byte[] Ask(int index, out bool fits)
    {
        bool isLoose = Random.Chance(0.5);
        (int Bits, bool IsSigned)[] types = [(8, true), (8, false), (16, true), (16, false), (32, true), (32, false), (64, true), (64, false)];
        List<byte> body = [0x94, 0x00, 0xCC, (byte)(FirstId + index), 0xCD, 0, 0, .. isLoose ? (ReadOnlySpan<byte>)[0x9B] : [0x99]];
        BinaryPrimitives.WriteUInt16BigEndian(
            System.Runtime.InteropServices.CollectionsMarshal.AsSpan(body).Slice(5), (ushort)(isLoose ? LooseType : WholeType));
        body.Add((byte)index);
        var values = new object[types.Length];
        fits = true;
        var draws = new Values(Random);
        for (int i = 0; i < types.Length; i++)
        {
            (int bits, bool isSigned) = types[i];
            Int128 least = isSigned ? -Power(bits - 1) : 0;
            Int128 most = isSigned ? Power(bits - 1) - 1 : Power(bits) - 1;
            Int128 value = Random.Chance(0.03) ? draws.Whole(-Power(63), Power(64) - 1) : draws.Whole(least, most);
            values[i] = value;
            fits &= value >= least && value <= most;
            Write(body, value);
        }

        string said = Spoken.Of(values);
        if (isLoose)
        {
            said += WriteLoose(body, draws, ref fits);
        }

        _expected[index] = said;
        return AttackFrames.Frame([.. body]);
    }

    /// <summary>A number that may be nil, and one that is rounded.</summary>
    private string WriteLoose(List<byte> body, Values draws, ref bool fits)
    {
        if (Random.Chance(0.3))
        {
            body.Add(0xC0);
            string none = Spoken.Of((object?)null);
            return none + WriteReal(body, draws);
        }

        Int128 maybe = Random.Chance(0.05) ? draws.Whole(-Power(40), Power(40)) : draws.Whole(int.MinValue, int.MaxValue);
        fits &= maybe >= int.MinValue && maybe <= int.MaxValue;
        Write(body, maybe);
        return Spoken.Of(maybe) + WriteReal(body, draws);
    }

    private string WriteReal(List<byte> body, Values draws)
    {
        if (Random.Chance(0.5))
        {
            Int128 whole = draws.Whole(-Power(63), Power(64) - 1);
            Write(body, whole);
            return Spoken.Of((double)whole);
        }

        double real = draws.Real();
        WriteBig(body, 0xCB, (UInt128)BitConverter.DoubleToUInt64Bits(real), 8);
        return Spoken.Of(real);
    }

    /// <summary>Writes a number in one of the encodings that hold it exactly.</summary>
    private void Write(List<byte> body, Int128 value)
    {
        while (true)
        {
            switch (Random.Next(12))
            {
                case 0 or 1 when value >= 0 && value <= 127:
                    body.Add((byte)value);
                    return;

                case 0 or 1 when value >= -32 && value < 0:
                    body.Add((byte)(sbyte)value);
                    return;

                case 2 when value >= 0 && value < Power(8):
                    WriteBig(body, 0xCC, (UInt128)value, 1);
                    return;

                case 3 when value >= 0 && value < Power(16):
                    WriteBig(body, 0xCD, (UInt128)value, 2);
                    return;

                case 4 when value >= 0 && value < Power(32):
                    WriteBig(body, 0xCE, (UInt128)value, 4);
                    return;

                case 5 when value >= 0:
                    WriteBig(body, 0xCF, (UInt128)value, 8);
                    return;

                case 6 when value >= -Power(7) && value < Power(7):
                    WriteBig(body, 0xD0, unchecked((UInt128)value), 1);
                    return;

                case 7 when value >= -Power(15) && value < Power(15):
                    WriteBig(body, 0xD1, unchecked((UInt128)value), 2);
                    return;

                case 8 when value >= -Power(31) && value < Power(31):
                    WriteBig(body, 0xD2, unchecked((UInt128)value), 4);
                    return;

                case 9 when value >= -Power(63) && value < Power(63):
                    WriteBig(body, 0xD3, unchecked((UInt128)value), 8);
                    return;

                case 10 when (Int128)(float)value == value:
                    WriteBig(body, 0xCA, BitConverter.SingleToUInt32Bits((float)value), 4);
                    return;

                case 11 when (Int128)(double)value == value:
                    WriteBig(body, 0xCB, BitConverter.DoubleToUInt64Bits((double)value), 8);
                    return;
            }
        }
    }

    private static void WriteBig(List<byte> body, byte code, UInt128 bits, int width)
    {
        body.Add(code);
        for (int i = width - 1; i >= 0; i--)
        {
            body.Add((byte)(bits >> (8 * i)));
        }
    }
}

/// <summary>An integer of each width.</summary>
[NetMessage(FormsGuest.WholeType)]
internal readonly partial record struct Whole(
    [property: Key(0)] long Number,
    [property: Key(1)] sbyte I8,
    [property: Key(2)] byte U8,
    [property: Key(3)] short I16,
    [property: Key(4)] ushort U16,
    [property: Key(5)] int I32,
    [property: Key(6)] uint U32,
    [property: Key(7)] long I64,
    [property: Key(8)] ulong U64)
{
    public string Say() => Spoken.Of(I8, U8, I16, U16, I32, U32, I64, U64);
}

/// <summary>The same, with members that have no fixed layout.</summary>
[NetMessage(FormsGuest.LooseType)]
internal sealed partial class Loose
{
    [Key(0)] public long Number { get; set; }

    [Key(1)] public sbyte I8 { get; set; }

    [Key(2)] public byte U8 { get; set; }

    [Key(3)] public short I16 { get; set; }

    [Key(4)] public ushort U16 { get; set; }

    [Key(5)] public int I32 { get; set; }

    [Key(6)] public uint U32 { get; set; }

    [Key(7)] public long I64 { get; set; }

    [Key(8)] public ulong U64 { get; set; }

    [Key(9)] public int? Maybe { get; set; }

    [Key(10)] public double Real { get; set; }

    public string Say() => Spoken.Of(I8, U8, I16, U16, I32, U32, I64, U64) + Spoken.Of(Maybe) + Spoken.Of(Real);
}
