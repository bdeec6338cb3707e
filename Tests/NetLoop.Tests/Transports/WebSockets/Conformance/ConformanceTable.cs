using System.Text;

namespace NetLoop.Tests.Transports.WebSockets.Conformance;

/// <summary>
/// The 301 cases of the Autobahn test suite that need no compression (categories 1 to 7, 9 and 10), written again from their descriptions. Source:
/// crossbario/autobahn-testsuite, its list of cases at commit b8a5120; facts only.
/// </summary>
internal static class ConformanceTable
{
    private const int Continuation = 0;
    private const int Text = 1;
    private const int Binary = 2;
    private const int Close = 8;
    private const int Ping = 9;
    private const int Pong = 10;

    private static readonly byte[] Hello = Encoding.ASCII.GetBytes("Hello, world!");

    // Eleven bytes of Greek, then bytes that are not text, then ASCII.
    private static readonly byte[] Greek = Convert.FromHexString("CEBAE1BDB9CF83CEBCCEB5");
    private static readonly byte[] Edited = Encoding.ASCII.GetBytes("edited");

    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        .. Framing(), .. Pings(), .. ReservedBits(), .. Opcodes(), .. Fragmentation(), .. Utf8(), .. Closing(), .. Limits(), .. AutoFragmentation(),
    ];

    private static IEnumerable<ConformanceCase> Framing()
    {
        foreach (int kind in new[] { Text, Binary })
        {
            int number = 1;
            foreach ((int length, int chop) in new[] { (0, 0), (125, 0), (126, 0), (127, 0), (128, 0), (65_535, 0), (65_536, 0), (65_536, 997) })
            {
                yield return Echo($"1.{kind}.{number++}", kind, Filled(kind, length), chop);
            }
        }
    }

    private static IEnumerable<ConformanceCase> Pings()
    {
        byte[] bytes = [0x00, 0xFF, 0xFE, 0xFD, 0xFC, 0xFB, 0x00, 0xFF];
        byte[] longest = Repeat(0xFE, 125);
        yield return Ponged("2.1", []);
        yield return Ponged("2.2", Ascii("Hello, world!"));
        yield return Ponged("2.3", bytes);
        yield return Ponged("2.4", longest);
        yield return Failing("2.5", 1002, Step.Frame(Ping, Repeat(0xFE, 126)));
        yield return Ponged("2.6", longest, chop: 1);
        yield return new("2.7", [Step.Frame(Pong, [])]);
        yield return new("2.8", [Step.Frame(Pong, Ascii("unsolicited"))]);
        yield return new("2.9", [Step.Frame(Pong, Ascii("unsolicited")), Step.Frame(Ping, Ascii("ping"))]) { Expected = [new(Pong, Ascii("ping"))] };
        foreach ((string id, int chop) in new[] { ("2.10", 0), ("2.11", 1) })
        {
            byte[][] payloads = [.. Enumerable.Range(0, 10).Select(i => Ascii($"payload-{i}"))];
            yield return new(id, [.. payloads.Select(payload => Step.Frame(Ping, payload, chop: chop))])
            {
                Expected = [.. payloads.Select(payload => new ReceivedFrame(Pong, payload))],
            };
        }
    }

    private static IEnumerable<ConformanceCase> ReservedBits()
    {
        yield return Failing("3.1", 1002, Step.Frame(Text, Hello, reserved: 1));
        yield return FailingAfterEcho("3.2", 0, waits: false, Step.Frame(Text, Hello, reserved: 2));
        yield return FailingAfterEcho("3.3", 0, waits: true, Step.Frame(Text, Hello, reserved: 3));
        yield return FailingAfterEcho("3.4", 1, waits: false, Step.Frame(Text, Hello, reserved: 4, chop: 1));
        yield return Failing("3.5", 1002, Step.Frame(Binary, Repeat(0xFE, 8), reserved: 5));
        yield return Failing("3.6", 1002, Step.Frame(Ping, Ascii("ping"), reserved: 6));
        yield return Failing("3.7", 1002, Step.Frame(Close, [0x03, 0xE8], reserved: 7));
    }

    private static IEnumerable<ConformanceCase> Opcodes()
    {
        foreach ((string group, int first) in new[] { ("4.1", 3), ("4.2", 11) })
        {
            yield return Failing($"{group}.1", 1002, Step.Frame(first, []));
            yield return Failing($"{group}.2", 1002, Step.Frame(first + 1, Hello));
            yield return FailingAfterEcho($"{group}.3", 0, waits: false, Step.Frame(first + 2, []));
            yield return FailingAfterEcho($"{group}.4", 0, waits: false, Step.Frame(first + 3, Hello));
            yield return FailingAfterEcho($"{group}.5", 1, waits: false, Step.Frame(first + 4, Hello, chop: 1));
        }
    }

    private static IEnumerable<ConformanceCase> Fragmentation()
    {
        byte[][] parts = [.. Enumerable.Range(1, 5).Select(i => Ascii($"fragment{i}"))];
        byte[] both = [.. parts[0], .. parts[1]];
        byte[] ping = Ascii("ping payload");
        yield return Failing("5.1", 1002, Step.Frame(Ping, parts[0], isFinal: false), Step.Frame(Continuation, parts[1]));
        yield return Failing("5.2", 1002, Step.Frame(Pong, parts[0], isFinal: false), Step.Frame(Continuation, parts[1]));

        // In one send, in one send for each frame, in one send for each byte.
        int number = 3;
        foreach ((int chop, bool waits) in new[] { (0, false), (0, true), (1, false) })
        {
            Step[] steps = [Step.Frame(Text, parts[0], isFinal: false, chop: chop), Step.Frame(Continuation, parts[1], chop: chop)];
            yield return new($"5.{number++}", Spaced(steps, waits)) { Expected = [new(Text, both)] };
        }

        foreach ((int chop, bool waits) in new[] { (0, false), (0, true), (1, false) })
        {
            Step[] steps =
            [
                Step.Frame(Text, parts[0], isFinal: false, chop: chop), Step.Frame(Ping, ping, chop: chop), Step.Frame(Continuation, parts[1], chop: chop),
            ];
            yield return new($"5.{number++}", Spaced(steps, waits)) { Expected = [new(Pong, ping), new(Text, both)] };
        }

        foreach (bool isFinal in new[] { true, false })
        {
            foreach ((int chop, bool waits) in new[] { (0, false), (0, true), (1, false) })
            {
                Step[] steps = [Step.Frame(Continuation, Ascii("non-continuation payload"), isFinal, chop: chop), Step.Frame(Text, Hello, chop: chop)];
                yield return Failing($"5.{number++}", 1002, [.. Spaced(steps, waits)]);
            }
        }

        yield return Failing(
            "5.15",
            1002,
            Step.Frame(Text, parts[0], isFinal: false),
            Step.Frame(Continuation, parts[1]),
            Step.Frame(Continuation, parts[2], isFinal: false),
            Step.Frame(Text, parts[3])) with
        {
            Expected = [new(Text, both)],
            ExpectedNonStrict = [],
        };
        foreach ((string id, bool isFinal) in new[] { ("5.16", false), ("5.17", true) })
        {
            Step[] once =
            [
                Step.Frame(Continuation, parts[0], isFinal), Step.Frame(Text, parts[1], isFinal: false), Step.Frame(Continuation, parts[2]),
            ];
            yield return Failing(id, 1002, [.. once, .. once]);
        }

        yield return Failing("5.18", 1002, Step.Frame(Text, parts[0], isFinal: false), Step.Frame(Text, parts[1]));
        foreach ((string id, bool waits) in new[] { ("5.19", false), ("5.20", true) })
        {
            byte[][] pings = [Ascii("pongme 1!"), Ascii("pongme 2!")];
            yield return new(
                id,
                [
                    .. Spaced(
                        [Step.Frame(Text, parts[0], isFinal: false), Step.Frame(Continuation, parts[1], isFinal: false), Step.Frame(Ping, pings[0])], waits),
                    Step.Wait,
                    .. Spaced(
                        [
                            Step.Frame(Continuation, parts[2], isFinal: false),
                            Step.Frame(Continuation, parts[3], isFinal: false),
                            Step.Frame(Ping, pings[1]),
                            Step.Frame(Continuation, parts[4]),
                        ],
                        waits),
                ])
            {
                Expected = [new(Pong, pings[0]), new(Pong, pings[1]), new(Text, [.. parts.SelectMany(part => part)])],
            };
        }
    }

    private static IEnumerable<ConformanceCase> Utf8()
    {
        byte[] middle = Ascii("middle frame payload");
        yield return Echo("6.1.1", Text, []);
        yield return Fragmented("6.1.2", [], [], []);
        yield return Fragmented("6.1.3", [], middle, []);

        byte[] mixed = Encoding.UTF8.GetBytes("Hello-µ@ßöäüàá-UTF-8!!");
        yield return Echo("6.2.1", Text, mixed);
        yield return Fragmented("6.2.2", Encoding.UTF8.GetBytes("Hello-µ@ßöä"), Encoding.UTF8.GetBytes("üàá-UTF-8!!"));
        yield return Fragmented("6.2.3", Bytes(mixed));
        yield return Fragmented("6.2.4", Bytes(Greek));

        byte[] surrogate = [.. Greek, 0xED, 0xA0, 0x80, .. Edited];
        yield return Failing("6.3.1", 1007, Step.Frame(Text, surrogate));
        yield return Failing("6.3.2", 1007, [.. InFragments(Bytes(surrogate))]);

        // The connection must be open at the first wait and have failed at the second: at the first invalid byte, not at the end of the message.
        byte[] tooHigh = [0xF4, 0x90, 0x80, 0x80];
        byte[] whole = [.. Greek, .. tooHigh, .. Edited];
        Step[] threeFrames = [.. InFragments(Greek, tooHigh, Edited)];
        Step[] upToTheByte = [.. InFragments(whole[..12], whole[12..13], whole[13..])];
        yield return FailingFast("6.4.1", threeFrames);
        yield return FailingFast("6.4.2", upToTheByte);
        yield return FailingFast("6.4.3", Step.Begin(Text, Greek, whole.Length), Step.More(tooHigh), Step.More(Edited));
        yield return FailingFast("6.4.4", Step.Begin(Text, whole[..12], whole.Length), Step.More(whole[12..13]), Step.More(whole[13..]));

        for (int group = 0; group < Utf8Sequences.Groups.Count; group++)
        {
            IReadOnlyList<(bool IsValid, string Hex)> sequences = Utf8Sequences.Groups[group];
            for (int i = 0; i < sequences.Count; i++)
            {
                string id = $"6.{group + 5}.{i + 1}";
                byte[] text = Convert.FromHexString(sequences[i].Hex);
                yield return sequences[i].IsValid ? Echo(id, Text, text) : Failing(id, 1007, Step.Frame(Text, text));
            }
        }
    }

    private static IEnumerable<ConformanceCase> Closing()
    {
        byte[] normal = [0x03, 0xE8];
        Step close = Step.Frame(Close, normal);
        yield return Echo("7.1.1", Text, Hello);
        yield return Closed("7.1.2", close, close);
        yield return Closed("7.1.3", close, Step.Frame(Ping, []));
        yield return Closed("7.1.4", close, Step.Frame(Text, Hello));
        yield return Closed("7.1.5", Step.Frame(Text, Ascii("fragment1"), isFinal: false), close, Step.Frame(Continuation, Ascii("fragment2")));

        byte[] large = Filled(Text, 256 << 10);
        yield return Closed("7.1.6", Step.Frame(Text, large), Step.Frame(Text, Hello), close, Step.Frame(Ping, [])) with { IsInformational = true };

        yield return Closed("7.3.1", Step.Frame(Close, []));
        yield return ClosedWrongly("7.3.2", 1002, [0x03]);
        yield return Closed("7.3.3", close);
        yield return Closed("7.3.4", Step.Frame(Close, [.. normal, .. Hello]));
        yield return Closed("7.3.5", Step.Frame(Close, [.. normal, .. Repeat((byte)'*', 123)]));
        yield return ClosedWrongly("7.3.6", 1002, [.. normal, .. Repeat((byte)'*', 124)]);
        yield return ClosedWrongly("7.5.1", 1007, [.. normal, .. Greek, 0xED, 0xA0, 0x80, .. Edited]);

        int number = 1;
        foreach (int code in new[] { 1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999 })
        {
            yield return Closed($"7.7.{number++}", Step.Frame(Close, CodeBytes(code))) with { CloseCodes = [1000, code] };
        }

        number = 1;
        foreach (int code in new[] { 0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999 })
        {
            yield return ClosedWrongly($"7.9.{number++}", 1002, CodeBytes(code));
        }

        yield return ClosedWrongly("7.13.1", 1002, CodeBytes(5000)) with { IsInformational = true };
        yield return ClosedWrongly("7.13.2", 1002, CodeBytes(65_535)) with { IsInformational = true };
    }

    private static IEnumerable<ConformanceCase> Limits()
    {
        int[] sizes = [64 << 10, 256 << 10, 1 << 20, 4 << 20, 8 << 20, 16 << 20];
        int[] fragments = [64, 256, 1 << 10, 4 << 10, 16 << 10, 64 << 10, 256 << 10, 1 << 20, 4 << 20];
        int[] chops = [64, 128, 256, 512, 1024, 2048];
        int[] roundTrips = [0, 16, 64, 256, 1024, 4096];
        foreach (int kind in new[] { Text, Binary })
        {
            for (int i = 0; i < sizes.Length; i++)
            {
                yield return Echo($"9.{kind}.{i + 1}", kind, Filled(kind, sizes[i]));
            }

            for (int i = 0; i < fragments.Length; i++)
            {
                byte[] message = Filled(kind, 4 << 20);
                yield return new($"9.{kind + 2}.{i + 1}", [.. InFragments(kind, [.. message.Chunk(fragments[i])])]) { Expected = [new(kind, message)] };
            }

            for (int i = 0; i < chops.Length; i++)
            {
                yield return Echo($"9.{kind + 4}.{i + 1}", kind, Filled(kind, 1 << 20), chops[i]);
            }

            for (int i = 0; i < roundTrips.Length; i++)
            {
                yield return Echo($"9.{kind + 6}.{i + 1}", kind, Filled(kind, roundTrips[i])) with { Rounds = 1000 };
            }
        }
    }

    private static IEnumerable<ConformanceCase> AutoFragmentation()
    {
        byte[] message = Filled(Text, 65_536);
        yield return new("10.1.1", [.. InFragments(Text, [.. message.Chunk(1300)])]) { Expected = [new(Text, message)] };
    }

    private static ConformanceCase Echo(string id, int kind, byte[] message, int chop = 0) =>
        new(id, [Step.Frame(kind, message, chop: chop)]) { Expected = [new(kind, message)] };

    private static ConformanceCase Ponged(string id, byte[] payload, int chop = 0) =>
        new(id, [Step.Frame(Ping, payload, chop: chop)]) { Expected = [new(Pong, payload)] };

    private static ConformanceCase Fragmented(string id, params byte[][] parts) =>
        new(id, [.. InFragments(parts)]) { Expected = [new(Text, [.. parts.SelectMany(part => part)])] };

    private static ConformanceCase Failing(string id, int code, params Step[] steps) =>
        new(id, steps) { PeerFails = true, CloseCodes = [code], RequiresCleanClose = false };

    /// <summary>A text that is echoed, an invalid frame, and a ping that must not be answered.</summary>
    private static ConformanceCase FailingAfterEcho(string id, int chop, bool waits, Step wrong) =>
        Failing(id, 1002, [.. Spaced([Step.Frame(Text, Hello, chop: chop), wrong, Step.Frame(Ping, [], chop: chop)], waits)]) with
        {
            Expected = [new(Text, Hello)],
            ExpectedNonStrict = [],
        };

    /// <summary>Three parts: the connection stays open after the first, and fails after the second.</summary>
    private static ConformanceCase FailingFast(string id, Step first, Step second, Step third) =>
        Failing(id, 1007, first, Step.Wait, second, Step.Wait, third) with { StandsAtWaits = 1 };

    private static ConformanceCase FailingFast(string id, Step[] parts) => FailingFast(id, parts[0], parts[1], parts[2]);

    private static ConformanceCase Closed(string id, params Step[] steps) => new(id, steps) { StepsClose = true };

    private static ConformanceCase ClosedWrongly(string id, int code, byte[] payload) =>
        new(id, [Step.Frame(Close, payload)]) { StepsClose = true, CloseCodes = [code], RequiresCleanClose = false };

    private static IEnumerable<Step> InFragments(params byte[][] parts) => InFragments(Text, parts);

    private static IEnumerable<Step> InFragments(int kind, byte[][] parts) =>
        parts.Select((part, i) => Step.Frame(i == 0 ? kind : Continuation, part, isFinal: i == parts.Length - 1));

    private static IReadOnlyList<Step> Spaced(IEnumerable<Step> steps, bool waits) =>
        [.. steps.SelectMany(step => waits ? new[] { step, Step.Wait } : [step])];

    private static byte[] Filled(int kind, int length) => Repeat(kind == Text ? (byte)'*' : (byte)0xFE, length);

    private static byte[] Repeat(byte value, int count)
    {
        byte[] bytes = new byte[count];
        bytes.AsSpan().Fill(value);
        return bytes;
    }

    private static byte[] CodeBytes(int code) => [(byte)(code >> 8), (byte)code];

    private static byte[][] Bytes(byte[] text) => [.. text.Select(value => new[] { value })];

    private static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);
}
