using NetLoop.Messaging;
using NetLoop.Tests.Sessions;
using NUnit.Framework;

namespace NetLoop.Tests.Messaging;

[Parallelizable]
public sealed class BodyHeaderTests
{
    [Test]
    public void TryRead_EachShape_StopsAtThePayload()
    {
        Assert.Multiple(() =>
        {
            Assert.That(
                Read(Wire.Body(0, 4_294_967_295u, 65_535, Wire.Array(9))), Is.EqualTo((true, new BodyHeader(BodyShape.Request, uint.MaxValue, 65_535), 2)));
            Assert.That(Read(Wire.Body(1, 5, null, Wire.Array(9))), Is.EqualTo((true, new BodyHeader(BodyShape.Response, 5, 0), 3)));
            Assert.That(Read(Wire.Body(2, 0, Wire.Array(9))), Is.EqualTo((true, new BodyHeader(BodyShape.Message, 0, 0), 2)));
        });
    }

    [Test]
    public void IsResponse_EachShape_IsForResponsesAlone()
    {
        Assert.That(BodyHeader.IsResponse(Wire.Body(1, 5, null, Wire.Array(9))), Is.True);
        Assert.That(BodyHeader.IsResponse(Wire.Body(0, 1, 65, Wire.Array(9))), Is.False, "a request");
        Assert.That(BodyHeader.IsResponse(Wire.Body(2, 65, Wire.Array(9))), Is.False, "a message");
        Assert.That(BodyHeader.IsResponse([0x94]), Is.False);
    }

    [Test]
    public void TryRead_CutAnywhereInTheHeader_IsFalse()
    {
        byte[] body = [0x94, 0xD2, 0, 0, 0, 0, 0xCE, 0, 0, 1, 0, 0xCD, 1, 0];
        for (int cut = 0; cut < body.Length; cut++)
        {
            Assert.That(Read(body[..cut]).IsRead, Is.False, $"cut at {cut}");
        }

        Assert.That(Read(body), Is.EqualTo((true, new BodyHeader(BodyShape.Request, 256, 256), 0)));
    }

    [Test]
    public void TryRead_EveryPairOfBytes_NeverThrows()
    {
        byte[] body = new byte[8];
        for (int pair = 0; pair < 65_536; pair++)
        {
            body[0] = (byte)(pair >> 8);
            body[1] = (byte)pair;
            (bool isRead, BodyHeader header, _) = Read(body);
            Assert.That(!isRead || (header.Type is >= 0 and <= 65_535 && Enum.IsDefined(header.Shape)), Is.True);
        }
    }

    private static (bool IsRead, BodyHeader Header, int Left) Read(byte[] body)
    {
        var reader = new NetReader(body);
        bool isRead = BodyHeader.TryRead(ref reader, out BodyHeader header);
        return (isRead, header, reader.Remaining);
    }
}
