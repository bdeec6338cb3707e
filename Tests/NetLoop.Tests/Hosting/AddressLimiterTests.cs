using NetLoop.Hosting;
using NUnit.Framework;

namespace NetLoop.Tests.Hosting;

public sealed class AddressLimiterTests
{
    private const long Second = 1_000_000_000;

    [Test]
    public void TryEnter_LoopsStoodStillTogether_ThoseWhoCameMeanwhileEnterOnce()
    {
        NetEndpoint remote = NetEndpoint.Tcp("192.0.2.1", 1000);
        var limiter = new AddressLimiter(maxConnections: 1000, maxNewPerSecond: 2);
        Assert.That(limiter.TryEnter(remote, 0), Is.True);
        int entered = 0;
        for (int i = 0; i < 100; i++)
        {
            entered += limiter.TryEnter(remote, 11 * Second, stalled: 10 * Second) ? 1 : 0;
            entered += limiter.TryEnter(remote, 11 * Second, stalled: 10 * Second) ? 1 : 0;
        }

        Assert.That(entered, Is.EqualTo(4 + 20), "the burst, and what two a second come to in ten");
    }

    [Test]
    public void TryEnter_TooManyAtATime_IsRefusedUntilOneLeaves()
    {
        var limiter = new AddressLimiter(maxConnections: 2, maxNewPerSecond: 100);
        NetEndpoint remote = NetEndpoint.Tcp("192.0.2.1", 1000);
        Assert.That(limiter.TryEnter(remote, 0), Is.True);
        Assert.That(limiter.TryEnter(remote.WithPort(1001), 0), Is.True);
        Assert.That(limiter.TryEnter(remote.WithPort(1002), 0), Is.False);
        Assert.That(limiter.TryEnter(NetEndpoint.Tcp("192.0.2.2", 1000), 0), Is.True, "somebody else");
        limiter.Leave(remote);
        Assert.That(limiter.TryEnter(remote.WithPort(1003), 0), Is.True);
    }

    [Test]
    public void TryEnter_TooOften_IsRefusedUntilTheRateAllows()
    {
        var limiter = new AddressLimiter(maxConnections: 1000, maxNewPerSecond: 2);
        NetEndpoint remote = NetEndpoint.Tcp("192.0.2.1", 1000);
        int entered = 0;
        for (int i = 0; i < 10; i++)
        {
            if (limiter.TryEnter(remote, 0))
            {
                entered++;
                limiter.Leave(remote);
            }
        }

        Assert.That(entered, Is.EqualTo(4), "twice the rate at once");
        Assert.That(limiter.TryEnter(remote, Second), Is.True);
    }

    [Test]
    public void TryEnter_OneIPv6Network_CountsAsOne()
    {
        var limiter = new AddressLimiter(maxConnections: 1, maxNewPerSecond: 100);
        Assert.That(limiter.TryEnter(NetEndpoint.Tcp("2001:db8::1", 1), 0), Is.True);
        Assert.That(limiter.TryEnter(NetEndpoint.Tcp("2001:db8::ffff:1", 1), 0), Is.False);
        Assert.That(limiter.TryEnter(NetEndpoint.Tcp("2001:db8:0:1::1", 1), 0), Is.True);
    }

    [Test]
    public void TryEnter_LoopbackAndUnix_AreNotLimited()
    {
        var limiter = new AddressLimiter(maxConnections: 1, maxNewPerSecond: 0.001);
        for (int i = 0; i < 100; i++)
        {
            Assert.That(limiter.TryEnter(NetEndpoint.Tcp("127.0.0.1", 1), 0), Is.True);
            Assert.That(limiter.TryEnter(NetEndpoint.Tcp("::1", 1), 0), Is.True);
            Assert.That(limiter.TryEnter(NetEndpoint.Unix("/tmp/x"), 0), Is.True);
        }
    }

    [Test]
    public void TryEnter_ManyAddressesComeAndGo_KeepTheirRateOnlyAWhile()
    {
        var limiter = new AddressLimiter(maxConnections: 1, maxNewPerSecond: 1);
        for (int i = 0; i < 5_000; i++)
        {
            NetEndpoint remote = NetEndpoint.Tcp($"10.0.{i / 250}.{1 + (i % 250)}", 1);
            Assert.That(limiter.TryEnter(remote, i * Second), Is.True);
            Assert.That(limiter.TryEnter(remote, i * Second), Is.False);
            limiter.Leave(remote);
        }
    }
}
