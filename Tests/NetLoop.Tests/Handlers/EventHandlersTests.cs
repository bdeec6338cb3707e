using NetLoop.Handlers;
using NUnit.Framework;

namespace NetLoop.Tests.Handlers;

[Parallelizable(ParallelScope.All)]
public sealed class EventHandlersTests
{
    [Test]
    public void Add_SeveralAndCombined_AreCalledOneByOneInTheirOrder()
    {
        List<int> called = [];
        var handlers = new EventHandlers<Action>();
        Assert.That(handlers.IsEmpty, Is.True);
        handlers.Add(() => called.Add(1));
        Action[] before = handlers.All;
        Action second = () => called.Add(2);
        second += () => called.Add(3);
        handlers.Add(second);
        handlers.Add(() => called.Add(4));
        Assert.That(handlers.IsEmpty, Is.False);
        Assert.That(before, Has.Length.EqualTo(1), "whoever reads it keeps what it read");
        Assert.That(handlers.All, Has.Length.EqualTo(4));
        Array.ForEach(handlers.All, handler => handler());
        Assert.That(called, Is.EqualTo(new[] { 1, 2, 3, 4 }).AsCollection);
    }

    [Test]
    public void Add_NoHandler_IsRejected() =>
        Assert.That(() => new EventHandlers<Action>().Add(null!), Throws.ArgumentNullException);

    [Test]
    public void NameOf_Method_IsItsTypeAndName() =>
        Assert.That(EventHandlers<Action>.NameOf(Named), Is.EqualTo($"{typeof(EventHandlersTests).FullName}.{nameof(Named)}"));

    private static void Named()
    {
    }
}
