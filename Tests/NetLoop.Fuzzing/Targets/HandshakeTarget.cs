using NetLoop.Fuzzing.Mutation;
using NetLoop.Fuzzing.Running;

namespace NetLoop.Fuzzing.Targets;

/// <summary>
/// A server's session whose client sends anything, or a client's session whose server does, while it opens or while it asks for a connect token: the first
/// byte of an input selects which.
/// </summary>
internal sealed class HandshakeTarget : IFuzzTarget
{
    // A client that asks for a connect token: bits of the first byte.
    private const int Asking = 3;

    // After the length of the frame: the header of the array and the shape.
    private const int AnswerIdAt = 6;

    private readonly SessionBench _server = new(isServer: true);
    private readonly SessionBench _client = new(isServer: false);
    private readonly SessionBench _asking = new(isServer: false, asksForToken: true);
    private readonly byte[] _answer = new byte[64 * 1_024];

    public string Name => "handshake";

    public string Description => "opens a session, of a server and of a client, whatever the other side sends";

    public void Generate(InputBuffer output, FuzzRandom random)
    {
        bool forServer = random.OneIn(2);
        bool isAsking = !forServer && random.OneIn(3);
        output.Add((byte)(forServer ? 0 : isAsking ? Asking : 1));
        InputBuffer body = new();
        if (!random.OneIn(8))
        {
            if (forServer && random.OneIn(4))
            {
                AddTokenRequest(body, random);
            }
            else if (forServer)
            {
                AddHello(body, random);
            }
            else if (isAsking)
            {
                AddTokenResponse(body, random);
            }
            else
            {
                AddAnswer(body, random);
            }

            AddFrame(output, body, random);
        }

        for (int bodies = random.Below(4); bodies > 0; bodies--)
        {
            body.Clear();
            if (random.OneIn(6))
            {
                AddTracedRequest(body, random);
            }
            else
            {
                FramesTarget.AddBody(body, random);
            }

            AddFrame(output, body, random);
        }
    }

    public void Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        SessionBench bench = input.IsEmpty ? _server
            : (input[0] & Asking) == Asking ? _asking
            : (input[0] & 1) == 0 ? _server
            : _client;
        ReadOnlySpan<byte> script = input.IsEmpty ? input : input[1..];
        SessionOutcome pieces = bench.Play(script, inPieces: true, probe);
        SessionOutcome whole = bench.Play(script, inPieces: false, probe);
        FuzzProbe.Require(whole == pieces, $"whole it ends {whole}, in pieces {pieces}");
        FuzzProbe.Require(bench != _asking || whole.Status != SessionStatus.Open, "a session that asks for a token has opened");
        probe.Visit(bench.IsServer ? 1 : bench == _asking ? 5 : 2, ((int)whole.Status * 100) + (int)whole.Reason, bench.Sent.Length);
        probe.Visit(bench.IsServer ? 3 : 4, (int)whole.Status, script.Length);
        if (bench.IsServer && whole.Status == SessionStatus.Open)
        {
            CheckAnswer(probe);
        }
    }

    /// <summary>Oracle: a response that opens a session at the server also opens it at the client.</summary>
    private void CheckAnswer(FuzzProbe probe)
    {
        int length = _server.Sent.Length;
        _server.Sent.CopyTo(_answer);
        if (_answer[AnswerIdAt] != 0)
        {
            return; // The answer to a question with another number than the one that the client gives it.
        }

        SessionOutcome client = _client.Play(_answer.AsSpan(0, Math.Min(length, InputBuffer.MaxBytes)), inPieces: false, probe);
        FuzzProbe.Require(
            client.Status == SessionStatus.Open || (client.Status == SessionStatus.Closed && client.Reason is CloseReason.Normal or CloseReason.Disconnected),
            $"the server opened the session, the client's is {client}");
    }

    private static void AddHello(InputBuffer body, FuzzRandom random)
    {
        bool hasFeatures = random.OneIn(4);
        body.Add([0x94, 0x00]);
        MessagePackGrammar.AddInteger(body, random);
        body.Add([0x01, hasFeatures ? (byte)0x95 : (byte)0x94]);
        body.Add(random.OneIn(8) ? (byte)random.Below(128) : (byte)1);
        body.Add(random.OneIn(2) ? [0x00] : random.OneIn(3) ? [0xCF, 0, 0, 0, 0, 0, 0, 0, 1] : [0xCF, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88]);
        AddBinaryOrNil(body, random);
        AddBinaryOrNil(body, random);
        if (hasFeatures)
        {
            MessagePackGrammar.AddInteger(body, random);
        }
    }

    private static void AddTokenRequest(InputBuffer body, FuzzRandom random)
    {
        body.Add([0x94, 0x00]);
        MessagePackGrammar.AddInteger(body, random);
        body.Add([0x04, 0x94, 0x01, 0x00]);
        AddBinaryOrNil(body, random);
        ReadOnlySpan<byte> endpoint = random.Below(4) switch
        {
            0 => "udp://127.0.0.1:7777"u8,
            1 => "udp://[::1]:7778"u8,
            2 => "udp://example.com:1"u8,
            _ => "tcp://127.0.0.1:7777"u8,
        };
        body.Add((byte)(0xA0 | endpoint.Length));
        body.Add(endpoint);
    }

    private static void AddTokenResponse(InputBuffer body, FuzzRandom random)
    {
        body.Add([0x94, 0x01, random.OneIn(8) ? (byte)1 : (byte)0]);
        if (random.OneIn(4))
        {
            body.Add([0x92, (byte)random.Below(11)]);
            MessagePackGrammar.AddString(body, random);
            body.Add(0xC0);
            return;
        }

        body.Add([0xC0, 0x91]);
        if (random.OneIn(3))
        {
            AddBinaryOrNil(body, random);
            return;
        }

        byte[] token = NetcodeBench.NewToken(clientId: 1, number: 9);
        body.Add([0xC5, (byte)(token.Length >> 8), (byte)token.Length]);
        body.Add(token);
    }

    private static void AddAnswer(InputBuffer body, FuzzRandom random)
    {
        if (random.OneIn(6))
        {
            // A Goodbye instead of a response.
            body.Add([0x93, 0x02, 0x03, 0x92]);
            body.Add((byte)random.Below(20));
            MessagePackGrammar.AddString(body, random);
            return;
        }

        body.Add([0x94, 0x01, random.OneIn(8) ? (byte)1 : (byte)0]);
        if (random.OneIn(3))
        {
            body.Add([0x92, (byte)random.Below(11)]);
            MessagePackGrammar.AddString(body, random);
            body.Add(0xC0);
            return;
        }

        bool hasFeatures = random.OneIn(4);
        body.Add([0xC0, hasFeatures ? (byte)0x96 : (byte)0x95]);
        MessagePackGrammar.AddInteger(body, random);
        body.Add([0x3C, 0x00]);
        AddBinaryOrNil(body, random);
        MessagePackGrammar.AddInteger(body, random);
        if (hasFeatures)
        {
            MessagePackGrammar.AddInteger(body, random);
        }
    }

    private static void AddTracedRequest(InputBuffer body, FuzzRandom random)
    {
        body.Add([0x95, 0x00]);
        MessagePackGrammar.AddInteger(body, random);
        body.Add((byte)(1 + random.Below(80)));
        if (random.OneIn(4))
        {
            MessagePackGrammar.AddValue(body, random);
        }
        else
        {
            body.Add(random.OneIn(2) ? (byte)0x91 : (byte)0x92);
            body.Add([0xD9, 55]);
            body.Add("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"u8);
        }

        MessagePackGrammar.AddValue(body, random);
    }

    private static void AddBinaryOrNil(InputBuffer body, FuzzRandom random)
    {
        if (random.OneIn(2))
        {
            body.Add(0xC0);
        }
        else
        {
            MessagePackGrammar.AddBinary(body, random);
        }
    }

    private static void AddFrame(InputBuffer output, InputBuffer body, FuzzRandom random)
    {
        output.AddBigEndian(random.OneIn(24) ? MessagePackGrammar.Number(random) : (ulong)body.Length, 4);
        output.Add(body.Written);
    }
}
