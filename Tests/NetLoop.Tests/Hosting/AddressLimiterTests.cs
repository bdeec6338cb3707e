using NUnit.Framework;
using NetLoop.Hosting.Server;

namespace NetLoop.Tests.Hosting;

[Parallelizable(ParallelScope.All)]
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
    public void TryEnter_TooManyAtATime_IsRejectedUntilOneLeaves()
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
    public void TryEnter_TooOften_IsRejectedUntilTheRateAllows()
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

    [Test]
    public void Addresses_GoneForLong_AreForgottenAndThoseStillHereAreNot()
    {
        var limiter = new AddressLimiter(maxConnections: 2, maxNewPerSecond: 100);
        NetEndpoint stays = NetEndpoint.Tcp("192.0.2.1", 1);
        Assert.That(limiter.TryEnter(stays, 0), Is.True);
        Assert.That(limiter.TryEnter(stays, 0), Is.True);
        for (int i = 1; i < 1_022; i++)
        {
            NetEndpoint remote = Remote(i);
            Assert.That(limiter.TryEnter(remote, 0), Is.True);
            limiter.Leave(remote);
        }

        Assert.That(limiter.Addresses, Is.EqualTo(1_022));
        Assert.That(limiter.TryEnter(Remote(5_000), 10 * Second), Is.True, "the 1,024th looks for those that are gone; for ten seconds none is");
        Assert.That(limiter.Addresses, Is.EqualTo(1_023));
        for (int i = 0; i < 1_023; i++)
        {
            Assert.That(limiter.TryEnter(stays, 20 * Second), Is.False, "full all the while");
        }

        Assert.That(limiter.TryEnter(stays, (10 * Second) + 1), Is.False);
        Assert.That(limiter.Addresses, Is.EqualTo(2), "this one, and the one that has not left");
        limiter.Leave(stays);
        Assert.That(limiter.TryEnter(stays, 20 * Second), Is.True);
        Assert.That(limiter.TryEnter(stays, 20 * Second), Is.False, "its count was not lost");
    }

    [Test]
    public void Addresses_ComeAndGoForLong_StayFew()
    {
        var limiter = new AddressLimiter(maxConnections: 2, maxNewPerSecond: 100);
        int most = 0;
        for (int i = 0; i < 20_000; i++)
        {
            NetEndpoint remote = Remote(i);
            Assert.That(limiter.TryEnter(remote, i * (Second / 100)), Is.True);
            limiter.Leave(remote);
            most = Math.Max(most, limiter.Addresses);
        }

        Assert.That(most, Is.InRange(1_000, 1_000 + 1_024 + 1), "those of ten seconds, and of the 1,024 entries between two looks");
    }

    [Test]
    public void Leave_MoreOftenThanTheyCame_IsOfOneAddressAlone()
    {
        var limiter = new AddressLimiter(maxConnections: 1, maxNewPerSecond: 100);
        NetEndpoint one = NetEndpoint.Tcp("192.0.2.1", 1);
        NetEndpoint other = NetEndpoint.Tcp("192.0.2.2", 1);
        Assert.That(limiter.TryEnter(one, 0), Is.True);
        limiter.Leave(other);
        Assert.That(limiter.TryEnter(one.WithPort(2), 0), Is.False);
        limiter.Leave(one.WithPort(9));
        Assert.That(limiter.TryEnter(one, 0), Is.True, "whatever the port was");
        Assert.That(limiter.TryEnter(one, 0), Is.False);
    }

    [Test]
    public void TryEnter_RefusedForTheRate_TakesNoPlace()
    {
        var limiter = new AddressLimiter(maxConnections: 5, maxNewPerSecond: 1);
        NetEndpoint remote = NetEndpoint.Tcp("192.0.2.1", 1);
        Assert.That(Enumerable.Range(0, 10).Count(_ => limiter.TryEnter(remote, 0)), Is.EqualTo(2));
        for (int second = 1; second <= 3; second++)
        {
            Assert.That(limiter.TryEnter(remote, second * Second), Is.True, $"{second}");
            Assert.That(limiter.TryEnter(remote, second * Second), Is.False, $"{second}");
        }

        Assert.That(limiter.TryEnter(remote, 100 * Second), Is.False, "five are inside: the refused ones took no place");
        limiter.Leave(remote);
        Assert.That(limiter.TryEnter(remote, 100 * Second), Is.True, "nor is the rate used up by one that found no place");
    }

    private static NetEndpoint Remote(int number) => NetEndpoint.Tcp($"10.{number / 62_500}.{number / 250 % 250}.{1 + (number % 250)}", 1);
}
