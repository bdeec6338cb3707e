using NetLoop.Time;
using NUnit.Framework;

namespace NetLoop.Tests.Time;

public sealed class TimerQueueTests
{
    private readonly TimerQueue _timers = new();
    private readonly Recorder _target = new();

    [SetUp]
    public void Clear()
    {
        _timers.FireDue(long.MaxValue - 1, int.MaxValue);
        _target.Fired.Clear();
        _target.OnFired = null;
    }

    [Test]
    public void NextDue_Empty_IsMaxValue()
    {
        Assert.That(_timers.NextDue, Is.EqualTo(long.MaxValue));
        Assert.That(_timers.FireDue(long.MaxValue - 1, 10), Is.Zero);
    }

    [Test]
    public void FireDue_BeforeAtAndAfterDue_FiresOnce()
    {
        _timers.Schedule(100, _target.Timer(1));
        Assert.That(_timers.NextDue, Is.EqualTo(100));
        Assert.That(_timers.FireDue(99, 10), Is.Zero);
        Assert.That(_timers.FireDue(100, 10), Is.EqualTo(1));
        Assert.That(_timers.FireDue(101, 10), Is.Zero);
        Assert.That(_target.Fired, Is.EqualTo([1]));
        Assert.That(_timers.Count, Is.Zero);
    }

    [Test]
    public void FireDue_EqualDueTimes_FireInSchedulingOrder()
    {
        for (int kind = 0; kind < 100; kind++)
        {
            _timers.Schedule(50, _target.Timer(kind));
        }

        _timers.FireDue(50, int.MaxValue);
        Assert.That(_target.Fired, Is.EqualTo(Enumerable.Range(0, 100)));
    }

    [Test]
    public void FireDue_MaxFirings_LeavesTheRestDue()
    {
        for (int kind = 0; kind < 5; kind++)
        {
            _timers.Schedule(kind, _target.Timer(kind));
        }

        Assert.That(_timers.FireDue(100, 2), Is.EqualTo(2));
        Assert.That(_timers.NextDue, Is.EqualTo(2));
        Assert.That(_timers.FireDue(100, 10), Is.EqualTo(3));
        Assert.That(_target.Fired, Is.EqualTo([0, 1, 2, 3, 4]));
    }

    [Test]
    public void FireDue_TimerScheduledMeanwhile_WaitsForTheNextCallEvenWhenLongOverdue()
    {
        _target.OnFired = kind =>
        {
            if (kind == 1)
            {
                _timers.Schedule(long.MinValue, _target.Timer(3));
            }
        };
        _timers.Schedule(10, _target.Timer(1));
        _timers.Schedule(20, _target.Timer(2));

        Assert.That(_timers.FireDue(20, 10), Is.EqualTo(2));
        Assert.That(_target.Fired, Is.EqualTo([1, 2]));
        Assert.That(_timers.FireDue(21, 10), Is.EqualTo(1), "in the next call");
        Assert.That(_target.Fired, Is.EqualTo([1, 2, 3]));
    }

    [Test]
    public void FireDue_TargetReschedulesItselfForNow_EndsAnyway()
    {
        _target.OnFired = kind => _timers.Schedule(0, _target.Timer(kind));
        _timers.Schedule(0, _target.Timer(1));
        Assert.That(_timers.FireDue(10, int.MaxValue), Is.EqualTo(1));
        Assert.That(_timers.Count, Is.EqualTo(1));
        _target.OnFired = null;
    }

    [Test]
    public void FireDue_TargetCancelsAndReschedulesOthers_IsHeeded()
    {
        TimerHandle cancelled = default;
        TimerHandle moved = default;
        TimerHandle touched = default;
        _target.OnFired = kind =>
        {
            if (kind == 1)
            {
                Assert.That(_timers.Cancel(cancelled), Is.True);
                Assert.That(_timers.Reschedule(moved, 500), Is.True);
                Assert.That(_timers.Reschedule(touched, 0), Is.True);
            }
        };
        _timers.Schedule(10, _target.Timer(1));
        cancelled = _timers.Schedule(11, _target.Timer(2));
        moved = _timers.Schedule(12, _target.Timer(3));
        touched = _timers.Schedule(13, _target.Timer(4));

        _timers.FireDue(100, 10);
        Assert.That(_target.Fired, Is.EqualTo([1]), "the rescheduled one counts as scheduled now");
        _timers.FireDue(101, 10);
        Assert.That(_target.Fired, Is.EqualTo([1, 4]));
        Assert.That(_timers.NextDue, Is.EqualTo(500));
    }

    [Test]
    public void FireDue_FromATarget_BreaksInvariant()
    {
        _target.OnFired = _ => _timers.FireDue(100, 1);
        _timers.Schedule(0, _target.Timer(1));
        Assert.That(() => _timers.FireDue(1, 1), Throws.TypeOf<InvariantViolationException>());

        _target.OnFired = null;
        _timers.Schedule(0, _target.Timer(2));
        Assert.That(_timers.FireDue(1, 1), Is.EqualTo(1), "a target that throws does not stop the clock");
    }

    [Test]
    public void Cancel_Waiting_NeverFires()
    {
        TimerHandle handle = _timers.Schedule(10, _target.Timer(1));
        Assert.That(_timers.Cancel(handle), Is.True);
        Assert.That(_timers.Count, Is.Zero);
        Assert.That(_timers.FireDue(100, 10), Is.Zero);
    }

    [Test]
    public void Cancel_StaleHandle_IsHarmless()
    {
        TimerHandle fired = _timers.Schedule(10, _target.Timer(1));
        _timers.FireDue(10, 10);
        TimerHandle reused = _timers.Schedule(20, _target.Timer(2));
        Assert.That(reused.Slot, Is.EqualTo(fired.Slot), "the test needs a reused slot");

        Assert.That(_timers.Cancel(fired), Is.False);
        Assert.That(_timers.Reschedule(fired, 5), Is.False);
        Assert.That(_timers.NextDue, Is.EqualTo(20));
    }

    [Test]
    public void Cancel_HandleOfNoTimer_IsHarmless()
    {
        Assert.That(_timers.Cancel(default), Is.False);
        Assert.That(_timers.Cancel(new TimerHandle(-1, 1)), Is.False);
        Assert.That(_timers.Cancel(new TimerHandle(int.MaxValue, 1)), Is.False);
        _timers.Schedule(10, _target.Timer(1));
        Assert.That(_timers.Cancel(default), Is.False);
    }

    [TestCase(5)]
    [TestCase(500)]
    public void Reschedule_EarlierOrLater_KeepsTheHandle(long due)
    {
        _timers.Schedule(100, _target.Timer(1));
        TimerHandle handle = _timers.Schedule(50, _target.Timer(2));
        _timers.Schedule(200, _target.Timer(3));
        Assert.That(_timers.Reschedule(handle, due), Is.True);
        Assert.That(_timers.Reschedule(handle, due), Is.True);
        _timers.FireDue(due - 1, 10);
        Assert.That(_target.Fired, Does.Not.Contain(2));
        _timers.FireDue(due, 10);
        Assert.That(_target.Fired, Does.Contain(2));
    }

    [Test]
    public void Queue_RandomOperations_AgreesWithANaiveModel([Values(1, 2, 3, 4, 5)] int seed)
    {
        var random = new Random(seed);
        var timers = new TimerQueue();
        var target = new Recorder();
        var model = new List<(long Due, long Sequence, int Kind, TimerHandle Handle)>();
        long now = 0;
        long sequence = 0;
        for (int step = 0; step < 20_000; step++)
        {
            long due = now + random.Next(-20, 200);
            int choice = random.Next(10);
            if (choice < 5)
            {
                model.Add((due, sequence++, step, timers.Schedule(due, target.Timer(step))));
            }
            else if (choice < 8 && model.Count > 0)
            {
                int index = random.Next(model.Count);
                if (choice == 5)
                {
                    Assert.That(timers.Cancel(model[index].Handle), Is.True);
                    model.RemoveAt(index);
                }
                else
                {
                    Assert.That(timers.Reschedule(model[index].Handle, due), Is.True);
                    model[index] = model[index] with { Due = due, Sequence = sequence++ };
                }
            }
            else
            {
                now += random.Next(30);
                int maxFirings = random.Next(1, 20);
                var expected = model.Where(timer => timer.Due <= now).OrderBy(timer => timer.Due).ThenBy(timer => timer.Sequence).Take(maxFirings).ToList();
                target.Fired.Clear();
                timers.FireDue(now, maxFirings);
                Assert.That(target.Fired, Is.EqualTo(expected.Select(timer => timer.Kind)), $"seed {seed}, step {step}");
                expected.ForEach(timer => model.Remove(timer));
            }

            if (timers.Count != model.Count || timers.NextDue != (model.Count == 0 ? long.MaxValue : model.Min(timer => timer.Due)))
            {
                Assert.Fail($"seed {seed}, step {step}: next due {timers.NextDue} of {timers.Count}, expected {model.Count}");
            }
        }
    }

    [Test]
    public void Queue_SteadyState_AllocatesNothing()
    {
        var timers = new TimerQueue();
        var target = new Counter();
        var handles = new TimerHandle[500];
        Assert.That(Allocations.Of(() => ScheduleAndFire(timers, target, handles)), Is.Zero);
        Assert.That(target.Fired, Is.Positive);
    }

    private static void ScheduleAndFire(TimerQueue timers, Counter target, TimerHandle[] handles)
    {
        for (int i = 0; i < handles.Length; i++)
        {
            handles[i] = timers.Schedule(i * 7919 % 500, target);
        }

        for (int i = 0; i < handles.Length; i += 2)
        {
            timers.Reschedule(handles[i], 1000 - i);
            timers.Cancel(handles[i]);
        }

        timers.FireDue(long.MaxValue - 1, int.MaxValue);
    }

    private sealed class Recorder
    {
        public List<int> Fired { get; } = [];

        public Action<int>? OnFired { get; set; }

        public ITimerTarget Timer(int number) => new Numbered(this, number);

        private sealed class Numbered(Recorder recorder, int number) : ITimerTarget
        {
            public void OnTimer()
            {
                recorder.Fired.Add(number);
                recorder.OnFired?.Invoke(number);
            }
        }
    }

    private sealed class Counter : ITimerTarget
    {
        public int Fired { get; private set; }

        public void OnTimer() => Fired++;
    }
}
