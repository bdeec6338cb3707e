using System.Buffers.Binary;
using NetLoop.Tests.Hosting;
using NUnit.Framework;

namespace NetLoop.Tests.Sessions;

/// <summary>Engine/PROTOCOL.md, section 7, line by line: how the engine responds to bad input.</summary>
public sealed class BadInputTests : ServerFixture
{
    private static readonly byte[] SayFrame = Wire.Frame(Wire.Message, 72, Wire.Array("good"));

    private static IEnumerable<TestCaseData> MalformedBodies()
    {
        yield return new TestCaseData(Wire.Body()).SetArgDisplayNames("empty array");
        yield return new TestCaseData(new byte[] { 0x80 }).SetArgDisplayNames("a map");
        yield return new TestCaseData(new byte[] { 0x07 }).SetArgDisplayNames("an integer");
        yield return new TestCaseData(new byte[] { 0xC0 }).SetArgDisplayNames("nil");
        yield return new TestCaseData(new byte[] { 0xC1 }).SetArgDisplayNames("the byte never used");
        yield return new TestCaseData(Wire.Body(Wire.Message, 72)).SetArgDisplayNames("message of two elements");
        yield return new TestCaseData(Wire.Body(Wire.Message, 72, Wire.Array("x"), 1)).SetArgDisplayNames("message of four elements");
        yield return new TestCaseData(Wire.Body(Wire.Request, 1, 71)).SetArgDisplayNames("request of three elements");
        yield return new TestCaseData(Wire.Body(Wire.Response, 1, null)).SetArgDisplayNames("response of three elements");
        yield return new TestCaseData(Wire.Body(3, 72, Wire.Array("x"))).SetArgDisplayNames("shape 3");
        yield return new TestCaseData(Wire.Body(-1, 72, Wire.Array("x"))).SetArgDisplayNames("shape -1");
        yield return new TestCaseData(Wire.Body("2", 72, Wire.Array("x"))).SetArgDisplayNames("shape as text");
        yield return new TestCaseData(Wire.Body(Wire.Message, 65_536, Wire.Array("x"))).SetArgDisplayNames("type 65536");
        yield return new TestCaseData(Wire.Body(Wire.Message, -1, Wire.Array("x"))).SetArgDisplayNames("type -1");
        yield return new TestCaseData(Wire.Body(Wire.Message, null, Wire.Array("x"))).SetArgDisplayNames("type nil");
        yield return new TestCaseData(Wire.Body(Wire.Request, 4_294_967_296UL, 71, Wire.Array(1, 1))).SetArgDisplayNames("id 2^32");
        yield return new TestCaseData(Wire.Body(Wire.Request, -1, 71, Wire.Array(1, 1))).SetArgDisplayNames("id -1");
        yield return new TestCaseData(Wire.Join(Wire.Body(Wire.Message, 72, Wire.Array("x")), [0xC0])).SetArgDisplayNames("bytes behind a message");
        yield return new TestCaseData(Wire.Join(Wire.Body(Wire.Message, 999, Wire.Array("x")), [0xC0])).SetArgDisplayNames("bytes behind an unknown message");
        yield return new TestCaseData(Wire.Join(Wire.Body(Wire.Request, 1, 999, Wire.Array()), [0])).SetArgDisplayNames("bytes behind an unknown request");
        yield return new TestCaseData(Wire.Join(Wire.Body(Wire.Response, 1, null, 5), [0])).SetArgDisplayNames("bytes behind a late response");
        yield return new TestCaseData(new byte[] { 0x93, 2, 72, 0x91, 0xDA, 0, 50, 1 }).SetArgDisplayNames("truncated text");
        yield return new TestCaseData(new byte[] { 0x93, 2, 0xCD, 3, 0xE7, 0xDF, 0x40, 0, 0, 0 }).SetArgDisplayNames("a map of 2^30 in an unknown message");
        yield return new TestCaseData(new byte[] { 0xDD, 0xFF, 0xFF, 0xFF, 0xFF, 2 }).SetArgDisplayNames("array of 2^32-1");
        yield return new TestCaseData(new byte[] { 0x93, 2, 72, 0xC1 }).SetArgDisplayNames("0xC1 as payload");
        yield return new TestCaseData(Wire.Body(Wire.Message, 72, Wire.Array(5))).SetArgDisplayNames("message payload of the wrong type");
        yield return new TestCaseData(Wire.Body(Wire.Message, Wire.Goodbye, Wire.Array(0, null))).SetArgDisplayNames("Goodbye without a text");
        yield return new TestCaseData(Wire.Body(Wire.Response, uint.MaxValue, null, Wire.Array("x"))).SetArgDisplayNames("a Pong nobody asked for");
        yield return new TestCaseData(Enumerable.Repeat((byte)0x91, 60_000).ToArray()).SetArgDisplayNames("60,000 arrays deep");
        yield return new TestCaseData(
            Wire.Join([0x93, 2, 0xCD, 3, 0xE7], Enumerable.Repeat((byte)0x91, 60_000).ToArray())).SetArgDisplayNames("unknown and deep");
    }

    private static IEnumerable<TestCaseData> Lengths()
    {
        yield return new TestCaseData(0u, CloseReason.Malformed);
        yield return new TestCaseData(65_537u, CloseReason.FrameTooLarge);
        yield return new TestCaseData(0x7FFF_FFFEu, CloseReason.FrameTooLarge);
        yield return new TestCaseData(0x7FFF_FFFFu, CloseReason.FrameTooLarge);
        yield return new TestCaseData(0x8000_0000u, CloseReason.FrameTooLarge);
        yield return new TestCaseData(0x8000_0001u, CloseReason.FrameTooLarge);
        yield return new TestCaseData(0xFFFF_FFFFu, CloseReason.FrameTooLarge);
    }

    private static IEnumerable<TestCaseData> HeadersInEveryWidth()
    {
        byte[][] two =
        [
            [2],
            [0xCC, 2],
            [0xCD, 0, 2],
            [0xCE, 0, 0, 0, 2],
            [0xCF, 0, 0, 0, 0, 0, 0, 0, 2],
            [0xD0, 2],
            [0xD1, 0, 2],
            [0xD2, 0, 0, 0, 2],
            [0xD3, 0, 0, 0, 0, 0, 0, 0, 2],
        ];
        byte[][] say =
        [
            [72],
            [0xCC, 72],
            [0xCD, 0, 72],
            [0xCE, 0, 0, 0, 72],
            [0xCF, 0, 0, 0, 0, 0, 0, 0, 72],
            [0xD0, 72],
            [0xD1, 0, 72],
            [0xD2, 0, 0, 0, 72],
            [0xD3, 0, 0, 0, 0, 0, 0, 0, 72],
        ];
        byte[][] arrays = [[0x93], [0xDC, 0, 3], [0xDD, 0, 0, 0, 3]];
        foreach (byte[] array in arrays)
        {
            foreach (byte[] shape in two)
            {
                yield return new TestCaseData(Wire.Join(array, shape, [72], [0x91, 0xA2, (byte)'h', (byte)'i']));
            }

            foreach (byte[] type in say)
            {
                yield return new TestCaseData(Wire.Join(array, [2], type, [0xDC, 0, 1, 0xD9, 2, (byte)'h', (byte)'i']));
            }
        }
    }

    [TestCaseSource(nameof(MalformedBodies))]
    public void Receive_MalformedBody_IsTerminal(byte[] body)
    {
        Start();
        using RawClient client = RawClient.Open(Server);
        client.SendIgnoringReset(Wire.Join(SayFrame, Wire.Framed(body), SayFrame));
        client.ExpectGoodbye(CloseReason.Malformed);
        Assert.That(NextClosed(), Has.Property(nameof(CloseInfo.Reason)).EqualTo(CloseReason.Malformed).And.Property(nameof(CloseInfo.ByPeer)).False);
        Assert.That(Said, Is.EqualTo(new[] { "good" }), "handled behind the first bad byte");
    }

    [TestCaseSource(nameof(Lengths))]
    public void Receive_BadLength_IsRejectedFromTheHeaderAlone(uint length, CloseReason reason)
    {
        Start();
        using RawClient client = RawClient.Open(Server);
        long rentsBefore = OnLoop(() => Server.Core.Pool.Statistics.Rents);
        byte[] header = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(header, length);
        client.Send(header);
        client.ExpectGoodbye(reason);
        Assert.That(NextClosed().Reason, Is.EqualTo(reason));
        Assert.That(OnLoop(() => Server.Core.Pool.Statistics.Rents) - rentsBefore, Is.EqualTo(1), "rents: one for the Goodbye, none for the frame");
    }

    [TestCase(65_535)]
    [TestCase(65_536)]
    public void Receive_LargestLength_IsReadAndGrowsWithWhatArrives(int length)
    {
        Start();
        using RawClient client = RawClient.Open(Server);
        byte[] header = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(header, (uint)length);
        client.Send(Wire.Join(header, [0x93]));
        WaitUntil(() => Server.Core.Pool.Statistics.RentedLeases == 1, "the beginning of the frame is not held");
        Assert.That(OnLoop(() => Server.Core.Pool.Statistics.RentedBytes), Is.LessThanOrEqualTo(1024), "five bytes hold more than the smallest block");
        client.Send(Enumerable.Repeat((byte)0xC1, length - 1).ToArray());
        client.ExpectGoodbye(CloseReason.Malformed);
    }

    [TestCaseSource(nameof(HeadersInEveryWidth))]
    public void Receive_HeaderInAnyWidth_IsAccepted(byte[] body)
    {
        Start();
        using RawClient client = RawClient.Open(Server);
        client.Send(Wire.Framed(body));
        client.Sync();
        Assert.That(Said, Is.EqualTo(new[] { "hi" }));
    }

    [Test]
    public void Receive_FrameCutAnywhere_IsHandledOnce()
    {
        Start();
        using RawClient client = RawClient.Open(Server);
        for (int cut = 1; cut < SayFrame.Length; cut++)
        {
            client.Send(SayFrame[..cut]);
            client.Send(SayFrame[cut..]);
        }

        foreach (byte part in SayFrame)
        {
            client.Send(part);
        }

        client.Sync();
        Assert.That(Said, Has.Count.EqualTo(SayFrame.Length));
    }

    [Test]
    public void Receive_UnknownMessage_IsDroppedCountedAndLoggedOnce()
    {
        Start();
        using RawClient client = RawClient.Open(Server);
        for (int i = 0; i < 3; i++)
        {
            client.Send(Wire.Frame(Wire.Message, 999 + i, Wire.Array(1, "x", null)));
        }

        client.Send(SayFrame);
        client.Sync();
        Assert.That(Said, Is.EqualTo(new[] { "good" }));
        Assert.That(Server.GetStatistics().UnknownMessages, Is.EqualTo(3));
        Assert.That(Log.CountOf(1103), Is.EqualTo(1));
    }

    [Test]
    public void Receive_UnknownMessagesOfManySessions_AreLoggedOnceAndCounted()
    {
        Start(configure: o => o.TimeProvider = Time);
        for (int i = 0; i < 5; i++)
        {
            using RawClient client = RawClient.Open(Server);
            client.Send(Wire.Frame(Wire.Message, 999, Wire.Array()));
            client.Sync();
        }

        Assert.That(Log.CountOf(1103), Is.EqualTo(1), "one line in five seconds, however many sessions");
        Advance(seconds: 6);
        using RawClient last = RawClient.Open(Server);
        last.Send(Wire.Frame(Wire.Message, 999, Wire.Array()));
        last.Sync();
        Assert.That(Log.Lines.Last(line => line.Id == 1103).Text, Does.EndWith("(4 similar messages suppressed)"));
    }

    [Test]
    public void Receive_UnknownRequest_GetsError1()
    {
        Start();
        using RawClient client = RawClient.Open(Server);
        client.Send(Wire.Frame(Wire.Request, 4_294_967_295u, 999, Wire.Array()));
        client.ExpectError(uint.MaxValue, ErrorCode.UnknownMessage);
        client.Sync();
    }

    [Test]
    public void Receive_RequestPayloadThatDoesNotFit_GetsError2AndTheSessionGoesOn()
    {
        Start();
        using RawClient client = RawClient.Open(Server);
        client.Send(Wire.Frame(Wire.Request, 5, 71, Wire.Array("seven", 1)));
        client.ExpectError(5, ErrorCode.MalformedPayload);
        client.Send(Wire.Frame(Wire.Request, 6, 71, Wire.Array(7.0, 2.0)));
        object?[] body = client.Read();
        Assert.That(body, Is.EqualTo(new object?[] { 1L, 6L, null, new object?[] { 3.5 } }));
    }

    [Test]
    public void Receive_PingPayloadThatDoesNotFit_GetsError2()
    {
        Start();
        using RawClient client = RawClient.Open(Server);
        client.Send(Wire.Frame(Wire.Request, 5, Wire.Ping, Wire.Array("now")));
        client.ExpectError(5, ErrorCode.MalformedPayload);
    }

    [Test]
    public void Receive_RequestWithBytesBehindItsPayload_IsMalformed()
    {
        Start();
        using RawClient client = RawClient.Open(Server);
        client.Send(Wire.Framed(Wire.Join(Wire.Body(Wire.Request, 5, 71, Wire.Array("seven", 1)), [0])));
        client.ExpectGoodbye(CloseReason.Malformed);
    }

    [Test]
    public void Receive_UnknownResponse_IsDroppedAndCounted()
    {
        Start();
        using RawClient client = RawClient.Open(Server);
        client.Send(Wire.Frame(Wire.Response, 77, null, Wire.Array(1)));
        client.Send(Wire.Frame(Wire.Response, 78, Wire.Array(1000, "no"), null));
        client.Sync();
        Assert.That(Server.GetStatistics().LateResponses, Is.EqualTo(2));
    }

    [Test]
    public void Receive_EndInsideAFrame_IsTruncatedAndNoHandlerSeesThePart([Values(1, 3, 4, 5, 9)] int cut)
    {
        Start();
        using RawClient client = RawClient.Open(Server);
        client.Send(Wire.Join(SayFrame, SayFrame[..cut]));
        client.HalfClose();
        Assert.That(client.ReadToEnd(), Is.Empty);
        Assert.That(NextClosed(), Is.EqualTo(new CloseInfo(CloseReason.Truncated, "", ByPeer: true)));
        Assert.That(Said, Is.EqualTo(new[] { "good" }));
    }

    [Test]
    public void Receive_SecondHello_IsAnUnknownRequest()
    {
        Start();
        using RawClient client = RawClient.Open(Server);
        client.Send(Wire.HelloFrame());
        client.ExpectError(0, ErrorCode.UnknownMessage);
        client.Sync();
    }

    [Test]
    public void Receive_Goodbye_ClosesByPeerWithItsReason()
    {
        Start();
        using RawClient client = RawClient.Open(Server);
        client.Send(Wire.Join(SayFrame, Wire.Frame(Wire.Message, Wire.Goodbye, Wire.Array(14, "bye")), SayFrame));
        Assert.That(client.ReadToEnd(), Is.Empty);
        Assert.That(NextClosed(), Is.EqualTo(new CloseInfo(CloseReason.Kicked, "bye", ByPeer: true)));
        Assert.That(Said, Is.EqualTo(new[] { "good" }));
    }

    [Test]
    public void Receive_GoodbyeWithUnknownReason_IsNormal()
    {
        Start();
        using RawClient client = RawClient.Open(Server);
        client.Send(Wire.Frame(Wire.Message, Wire.Goodbye, Wire.Array(4711, "bye")));
        Assert.That(NextClosed(), Is.EqualTo(new CloseInfo(CloseReason.Normal, "bye", ByPeer: true)));
    }

    [Test]
    public void Close_PeerStillSendsGarbage_ReadsTheReasonBehindEverythingSentBefore()
    {
        Start(handlers: server => server.On<Say>((session, in say) =>
        {
            for (int i = 0; i < 20; i++)
            {
                session.Send(new Say($"{i}"));
            }

            session.Close(CloseReason.Kicked, "enough");
            Assert.That(session.Send(new Say("late")), Is.EqualTo(SendStatus.Closed));
        }));
        using RawClient client = RawClient.Open(Server);
        client.Send(SayFrame);
        Assert.That(((object?[])client.Read()[2]!)[0], Is.EqualTo("0"));
        byte[] garbage = Enumerable.Repeat((byte)0xC1, 64 * 1024).ToArray();
        for (int i = 0; i < 16; i++)
        {
            client.SendIgnoringReset(garbage);
        }

        for (int i = 1; i < 20; i++)
        {
            Assert.That(((object?[])client.Read()[2]!)[0], Is.EqualTo($"{i}"));
        }

        Assert.That(client.ExpectGoodbye(CloseReason.Kicked), Is.EqualTo("enough"));
    }

    [Test]
    public void Close_TextLongerThanAFrame_SaysTheReasonWithoutIt()
    {
        Start(listen => listen.MaxBodyBytes = 1024);
        using RawClient client = RawClient.Open(Server);
        NextOpened().Close(CloseReason.Kicked, new string('x', 2000));
        Assert.That(client.ExpectGoodbye(CloseReason.Kicked), Is.Empty);
    }

    [Test]
    public void Close_ReasonThatIsNone_IsTheCallersMistake()
    {
        Start();
        using RawClient client = RawClient.Open(Server);
        Session session = NextOpened();
        Assert.Throws<ArgumentOutOfRangeException>(() => session.Close((CloseReason)18));
        Assert.Throws<ArgumentOutOfRangeException>(() => session.Close((CloseReason)(-1)));
        client.Sync();
    }

    [Test]
    public void Receive_RandomBytes_EndWithinOneFrameAndCostNothing()
    {
        Start();
        var random = new Random(20_26);
        for (int i = 0; i < 100; i++)
        {
            byte[] body = new byte[random.Next(1, 200)];
            random.NextBytes(body);
            using RawClient client = RawClient.Open(Server);
            client.SendIgnoringReset(Wire.Framed(body));
            client.SendIgnoringReset([0, 0, 0, 0]);
            List<object?[]> bodies = client.ReadToEnd();
            Assert.That(bodies[^1][1], Is.EqualTo(Wire.Goodbye), $"body {i}: {Convert.ToHexString(body)}");
        }
    }
}
