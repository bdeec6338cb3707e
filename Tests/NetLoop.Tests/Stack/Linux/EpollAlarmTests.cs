using System.Globalization;
using NetLoop.Stack.Linux;
using NUnit.Framework;

namespace NetLoop.Tests.Stack.Linux;

[TestFixture]
[Platform("Linux", Reason = "The alarm is a timerfd.")]
internal sealed class EpollAlarmTests
{
    private const long Second = 1_000_000_000;
    private const long Now = 7_200 * Second;

    private EpollAlarm _alarm = null!;

    [SetUp]
    public void Create() => _alarm = new EpollAlarm();

    [TearDown]
    public void Dispose() => _alarm.Dispose();

    [Test]
    public void IsSetFor_OneDeadlineAgain_RingsThen()
    {
        Assert.That(_alarm.IsSetFor(Now, Now + (300 * Second)), Is.False, "once would cost as much as it saves");
        Assert.That(SecondsLeft(), Is.Zero);
        Assert.That(_alarm.IsSetFor(Now, Now + (300 * Second)), Is.True);
        Assert.That(SecondsLeft(), Is.InRange(200, 300));
        Assert.That(_alarm.IsSetFor(Now + (100 * Second), Now + (300 * Second)), Is.True);
        Assert.That(SecondsLeft(), Is.InRange(200, 300), "it was set, and runs");
    }

    [Test]
    public void IsSetFor_AnotherDeadlineMeanwhile_KeepsTheFirstUntilTheOtherIsAskedForTwice()
    {
        _alarm.IsSetFor(Now, Now + (300 * Second));
        _alarm.IsSetFor(Now, Now + (300 * Second));
        Assert.That(_alarm.IsSetFor(Now, Now + (900 * Second)), Is.False);
        Assert.That(_alarm.IsSetFor(Now, Now + (300 * Second)), Is.True);
        Assert.That(SecondsLeft(), Is.InRange(200, 300));
        Assert.That(_alarm.IsSetFor(Now, Now + (900 * Second)), Is.True);
        Assert.That(SecondsLeft(), Is.InRange(800, 900));
        Assert.That(_alarm.IsSetFor(Now, Now + (300 * Second)), Is.False, "it rings at the other");
    }

    [Test]
    public void IsSetFor_AfterItRang_IsSetAnew()
    {
        _alarm.IsSetFor(Now, Now + (300 * Second));
        _alarm.IsSetFor(Now, Now + (300 * Second));
        _alarm.Rang();
        Assert.That(_alarm.IsSetFor(Now + (100 * Second), Now + (300 * Second)), Is.True);
        Assert.That(SecondsLeft(), Is.InRange(100, 200));
    }

    [Test]
    public void IsSetFor_KernelRefuses_SaysThatNothingRings()
    {
        for (int time = 0; time < 3; time++)
        {
            Assert.That(_alarm.IsSetFor(Now, Now - Second), Is.False, "a time before now");
        }

        _alarm.IsSetFor(Now, Now + (300 * Second));
        Assert.That(_alarm.IsSetFor(Now, Now + (300 * Second)), Is.True);
    }

    [Test]
    public void Dispose_Alarm_ClosesItsDescriptor()
    {
        var other = new EpollAlarm();
        int descriptor = other.Descriptor;
        Assert.That(descriptor, Is.GreaterThan(2));
        Assert.That(Flags(descriptor) & Libc.TFD_CLOEXEC, Is.Not.Zero);
        other.Dispose();
        using var next = new EpollAlarm();
        Assert.That(next.Descriptor, Is.LessThanOrEqualTo(descriptor), "the lowest number that is free");
    }

    /// <summary>Time until the alarm fires, rounded down; 0 if it is not set. Source: proc_pid_fdinfo(5).</summary>
    private int SecondsLeft()
    {
        // it_value: (299, 999876543)
        string value = Info(_alarm.Descriptor, "it_value:");
        return int.Parse(value.Split('(', ',')[1], CultureInfo.InvariantCulture);
    }

    private static int Flags(int descriptor) => Convert.ToInt32(Info(descriptor, "flags:").Trim(), 8);

    private static string Info(int descriptor, string name) =>
        File.ReadLines($"/proc/self/fdinfo/{descriptor}").Single(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..];
}
