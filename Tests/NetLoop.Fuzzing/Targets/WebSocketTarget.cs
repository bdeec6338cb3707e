using System.Buffers;
using System.Text;
using System.Text.Unicode;
using NetLoop.Framing.WebSockets;
using NetLoop.Fuzzing.Mutation;
using NetLoop.Fuzzing.Running;
using NetLoop.Transports.WebSockets;

namespace NetLoop.Fuzzing.Targets;

/// <summary>
/// Either end of a WebSocket while the other sends anything. The first byte of an input selects the end (lowest bit), whether it is open already
/// (next bit), and whether it accepts text (third bit).
/// </summary>
internal sealed class WebSocketTarget : IFuzzTarget
{
    private const int Client = 1;
    private const int Open = 2;
    private const int TakesText = 4;

    private const int ForLongOnceIn = 16;

    // The text of a rejection, twice, and the response around it.
    private const int AnswerBytes = 4_096;

    private readonly WebSocketBench[] _benches =
    [
        new(WebSocketRole.Server, acceptsText: false), new(WebSocketRole.Client, acceptsText: false),
        new(WebSocketRole.Server, acceptsText: true), new(WebSocketRole.Client, acceptsText: true),
    ];

    private readonly FuzzRandom _random = new(0);

    public string Name => "websocket";

    public string Description => "reads a WebSocket, its handshake, frames and text, at either end, however it arrives in pieces";

    public void Generate(InputBuffer output, FuzzRandom random)
    {
        int mode = random.Below(8);
        output.Add((byte)mode);
        bool forClient = (mode & Client) != 0;
        if ((mode & Open) == 0)
        {
            WebSocketGrammar.AddHead(output, random, forClient);
        }

        for (int frames = random.Below(5); frames > 0; frames--)
        {
            if (random.OneIn(6))
            {
                WebSocketGrammar.AddFragments(output, random, isMasked: !forClient);
            }
            else
            {
                WebSocketGrammar.AddFrame(output, random, isMasked: !forClient);
            }
        }
    }

    public void Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        int mode = input.IsEmpty ? 0 : input[0];
        ReadOnlySpan<byte> stream = input.IsEmpty ? input : input[1..];
        bool isOpen = (mode & Open) != 0;
        int end = (mode & Client) | ((mode & TakesText) >> 1);
        WebSocketBench bench = _benches[end];
        WebSocketProtocol forWhole = bench.Create(isOpen);
        WebSocketProtocol forPieces = bench.Create(isOpen);
        probe.BeginMeasure();
        WebSocketOutcome whole = bench.Play(forWhole, stream, inPieces: false, peer: null);
        WebSocketOutcome pieces = bench.Play(forPieces, stream, inPieces: true, peer: null);
        probe.EndMeasure(input.Length, isOpen ? 0 : AnswerBytes);
        FuzzProbe.Require(whole == pieces, $"whole it ends {whole}, in pieces {pieces}");
        if (isOpen && whole.Messages > 0 && InputHash.Of(stream) % ForLongOnceIn == 0)
        {
            bench.PlayForLong(stream);
        }

        if (whole.Messages > 0)
        {
            bench.Play(bench.Create(isOpen), stream, inPieces: false, peer: _benches[end ^ Client].Create(isOpen: true));
        }

        probe.Visit((mode & 7) + 400, ((int)whole.Status * 10_000) + whole.FailureCode + whole.PeerCloseCode, whole.Messages);
        probe.Visit(410, whole.FailureText.Length, stream.Length);
        CheckText(stream, probe);
    }

    /// <summary>Oracle: text is judged as the framework judges it, and rejected at the first byte that makes it invalid.</summary>
    private void CheckText(ReadOnlySpan<byte> text, FuzzProbe probe)
    {
        _random.Reseed(InputHash.Of(text));
        Utf8Checker checker = default;
        bool isPrefix = true;
        int checkedBytes = 0;
        while (isPrefix && checkedBytes < text.Length)
        {
            int piece = 1 + _random.Below(Math.Min(text.Length - checkedBytes, _random.OneIn(2) ? 3 : int.MaxValue));
            int bad = FirstBadByte(text[..(checkedBytes + piece)]);
            isPrefix = checker.TryAdvance(text.Slice(checkedBytes, piece));
            checkedBytes += piece;
            FuzzProbe.Require(isPrefix == (bad < 0), $"of {checkedBytes} bytes of text the first bad one is {bad}, the checker says {isPrefix}");
        }

        FuzzProbe.Require((isPrefix && checker.IsAtBoundary) == Utf8.IsValid(text), "whether it is text is judged in two ways");
        probe.Visit(420, isPrefix ? 1 : 0, checkedBytes);
    }

    // By the framework's decoder, one character at a time.
    private static int FirstBadByte(ReadOnlySpan<byte> text)
    {
        for (int start = 0; start < text.Length;)
        {
            OperationStatus status = Rune.DecodeFromUtf8(text[start..], out _, out int length);
            if (status == OperationStatus.NeedMoreData)
            {
                return -1;
            }

            if (status == OperationStatus.InvalidData)
            {
                int good = 0;
                while (Rune.DecodeFromUtf8(text.Slice(start, good + 1), out _, out _) == OperationStatus.NeedMoreData)
                {
                    good++;
                }

                return start + good;
            }

            start += length;
        }

        return -1;
    }
}
