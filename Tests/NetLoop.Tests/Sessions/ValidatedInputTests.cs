using NetLoop.Tests.Generators.Validation;
using NetLoop.Tests.Hosting;
using NUnit.Framework;

namespace NetLoop.Tests.Sessions;

/// <summary>A value that violates the validation attributes of its contract is malformed input.</summary>
public sealed class ValidatedInputTests : ServerFixture
{
    private const int CheckedType = 98;

    [Test]
    public void Receive_MessageThatViolatesAnAttribute_EndsTheSessionBeforeItsHandler()
    {
        int handled = 0;
        Start(handlers: server => server.On<Checked>((session, in message) => handled++));
        using RawClient client = RawClient.Open(Server);
        client.Send(Wire.Frame(Wire.Message, CheckedType, Wire.Array(100, 1.0)));
        client.Send(Wire.Frame(Wire.Message, CheckedType, Wire.Array(101, 1.0)));
        client.ExpectGoodbye(CloseReason.Malformed);
        Assert.That(handled, Is.EqualTo(1));
    }

    [Test]
    public void Receive_RequestThatViolatesAnAttribute_GetsAnErrorAndTheSessionGoesOn()
    {
        Start(handlers: server => server.OnRequest<Checked, Checked>((session, in request) => request));
        using RawClient client = RawClient.Open(Server);
        client.Send(Wire.Frame(Wire.Request, 5, CheckedType, Wire.Array(-1, 0.5)));
        client.ExpectError(5, ErrorCode.MalformedPayload);
        client.Send(Wire.Frame(Wire.Request, 6, CheckedType, Wire.Array(0, 0.5)));
        Assert.That(client.Read(), Is.EqualTo(new object?[] { 1L, 6L, null, new object?[] { 0L, 0.5 } }));
    }

    // The response is validated too, by the side that receives it.
    [Test]
    public async Task RequestAsync_ResponseThatViolatesAnAttribute_IsMalformed()
    {
        Start(handlers: server => server.OnRequest<Checked, Checked>((session, in request) => new Checked(1_000, request.Share)));
        await using NetClient client = await TestHost.ConnectAsync(Server);
        Assert.That(async () => await client.RequestAsync(new Checked(1, 1)).WaitAsync(TestHost.Patience), Throws.InstanceOf<RequestException>());
        Assert.That((await client.Closed.WaitAsync(TestHost.Patience)).Reason, Is.EqualTo(CloseReason.Malformed));
    }
}
