using NetLoop.Tests.Hosting;
using NUnit.Framework;

namespace NetLoop.Tests.Handlers;

public sealed class HandlerTableTests
{
    [Test]
    public void On_SameMessageTwice_NamesWhoHasIt()
    {
        var table = new HandlerTable();
        table.On<Say>((_, in _) => { });
        InvalidOperationException refused = Assert.Throws<InvalidOperationException>(() => table.On<Say>((_, _) => ValueTask.CompletedTask))!;
        Assert.That(refused.Message, Does.Contain(nameof(Say)).And.Contain(Number<Say>()));
    }

    [Test]
    public void OnRequest_SameRequestTwice_NamesWhoHasIt()
    {
        var table = new HandlerTable();
        table.OnRequest<Divide, Quotient>((_, in divide) => new Quotient(divide.Value));
        InvalidOperationException refused = Assert.Throws<InvalidOperationException>(() =>
            table.OnRequest<Divide, Quotient>((_, divide) => ValueTask.FromResult(new Quotient(divide.Value))))!;
        Assert.That(refused.Message, Does.Contain(nameof(Divide)).And.Contain(Number<Divide>()));
    }

    [Test]
    public void On_MessageAndRequestOfOneType_AreTwoHandlers()
    {
        var table = new HandlerTable();
        Assert.That(table.On<Divide>((_, in _) => { }).OnRequest<Divide, Quotient>((_, in divide) => new Quotient(divide.Value)), Is.SameAs(table));
    }

    [Test]
    public void On_NoHandler_Throws()
    {
        var table = new HandlerTable();
        Assert.Throws<ArgumentNullException>(() => table.On<Say>((MessageHandler<Say>)null!));
        Assert.Throws<ArgumentNullException>(() => table.On<Say>((Func<Session, Say, ValueTask>)null!));
        Assert.Throws<ArgumentNullException>(() => table.OnRequest<Divide, Quotient>((RequestHandler<Divide, Quotient>)null!));
        Assert.Throws<ArgumentNullException>(() => table.OnRequest<Divide, Quotient>((Func<Session, Divide, ValueTask<Quotient>>)null!));
        Assert.Throws<ArgumentNullException>(() => table.Use((IHandlerModule)null!));
    }

    [Test]
    public void ReservedPlaces_NothingReceived_IsZero()
    {
        var table = new HandlerTable();
        table.On<Say>((_, in _) => { }, new OffloadOptions());
        table.OnRequest<Divide, Quotient>((_, in divide) => new Quotient(divide.Value), new OffloadOptions());
        Assert.That(table.ReservedPlaces(), Is.Zero);
    }

    private static string Number<T>()
        where T : INetMessage<T> => T.MessageType.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
