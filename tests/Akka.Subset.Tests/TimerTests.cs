using Akka.Actor;
using Akka.Subset.Tests.Support;
using Xunit;

namespace Akka.Subset.Tests;

/// <summary>Semantics 14: timers of actors.</summary>
public sealed class TimerTests : ActorTest
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_single_timer_fires_once()
    {
        var (actor, probe) = NewTimed();
        await Do(actor, timers => timers.StartSingleTimer("key", "tick", Second));
        Assert.True(await Query(actor, timers => timers.IsTimerActive("key")));

        Time.Advance(Second);
        await probe.Expect("tick");
        Time.Advance(10 * Second);
        await Fence(actor, probe);

        Assert.False(await Query(actor, timers => timers.IsTimerActive("key")));
    }

    [Fact]
    public async Task A_periodic_timer_fires_after_each_interval()
    {
        var (actor, probe) = NewTimed();
        await Do(actor, timers => timers.StartPeriodicTimer("key", "tick", 2 * Second, Second));

        Time.Advance(Second);
        await Fence(actor, probe);
        Time.Advance(3 * Second);

        for (var i = 0; i < 3; i++)
        {
            await probe.Expect("tick");
        }

        await Fence(actor, probe);
    }

    [Fact]
    [Trait(Semantics.Trait, "14a")]
    public async Task Cancelling_suppresses_a_message_that_is_queued_already()
    {
        var (actor, probe) = NewTimed();
        await Do(actor, timers => timers.StartSingleTimer("key", "tick", Second));

        await Do(actor, timers =>
        {
            Time.Advance(Second);
            timers.Cancel("key");
        });

        await Fence(actor, probe);
    }

    [Fact]
    [Trait(Semantics.Trait, "14a")]
    public async Task Replacing_suppresses_a_message_of_the_old_timer_that_is_queued_already()
    {
        var (actor, probe) = NewTimed();
        await Do(actor, timers => timers.StartSingleTimer("key", "old", Second));

        await Do(actor, timers =>
        {
            Time.Advance(Second);
            timers.StartSingleTimer("key", "new", Second);
        });
        Time.Advance(Second);

        await probe.Expect("new");
        await Fence(actor, probe);
    }

    [Fact]
    [Trait(Semantics.Trait, "14b")]
    public async Task Timers_end_with_a_restart()
    {
        var (actor, probe) = NewTimed();
        await Do(actor, timers => timers.StartPeriodicTimer("key", "tick", Second));

        await Do(actor, _ => Time.Advance(Second));
        await probe.Expect("tick");
        actor.Tell(Fail.With("boom"));
        Assert.False(await Query(actor, timers => timers.IsTimerActive("key")));
        Time.Advance(5 * Second);

        await Fence(actor, probe);
    }

    [Fact]
    [Trait(Semantics.Trait, "14b")]
    public async Task A_restart_suppresses_a_message_that_is_queued_already()
    {
        var (actor, probe) = NewTimed();
        await Do(actor, timers => timers.StartSingleTimer("key", "tick", Second));

        actor.Tell((Func<ITimerScheduler, bool>)(_ =>
        {
            Time.Advance(Second);
            throw new InvalidOperationException("boom");
        }));

        await Fence(actor, probe);
    }

    [Fact]
    [Trait(Semantics.Trait, "14b")]
    public async Task Timers_end_with_the_actor_and_leave_nothing_in_the_scheduler()
    {
        var (actor, probe) = NewTimed();
        await Do(actor, timers =>
        {
            timers.StartPeriodicTimer("a", "tick", Second);
            timers.StartSingleTimer("b", "tick", TimeSpan.FromDays(1));
        });
        Assert.Equal(2, ((TimerQueueScheduler)Sys.Scheduler).Count);

        await StopAndWait(actor);

        Assert.Equal(0, ((TimerQueueScheduler)Sys.Scheduler).Count);
        await probe.ExpectNothing();
    }

    [Fact]
    public async Task CancelAll_ends_all_timers()
    {
        var (actor, probe) = NewTimed();
        await Do(actor, timers =>
        {
            timers.StartPeriodicTimer(1, "tick", Second);
            timers.StartPeriodicTimer(2, "tick", Second);
            Assert.Equal(2, timers.ActiveTimers.Count);
            timers.CancelAll();
        });

        Time.Advance(5 * Second);

        await Fence(actor, probe);
    }

    [Fact]
    public async Task A_timer_can_send_a_message_that_the_cell_handles_itself()
    {
        var (actor, probe) = NewTimed();
        await probe.Watch(actor);
        await Do(actor, timers => timers.StartSingleTimer("end", PoisonPill.Instance, Second));

        Time.Advance(Second);

        await probe.ExpectTerminated(actor);
    }

    private (IActorRef Actor, Probe Probe) NewTimed()
    {
        var probe = NewProbe();
        var target = probe.Ref;
        return (Sys.ActorOf(Props.Create(() => new Timed(target))), probe);
    }

    private static async Task Do(IActorRef actor, Action<ITimerScheduler> action) =>
        await actor.Ask<bool>((Func<ITimerScheduler, bool>)(timers =>
        {
            action(timers);
            return true;
        })).WaitAsync(Deadline);

    private static Task<bool> Query(IActorRef actor, Func<ITimerScheduler, bool> query) =>
        Soon(actor.Ask<bool>(query));

    /// <summary>Requires that the actor has handled what it got and passed nothing on.</summary>
    private static async Task Fence(IActorRef actor, Probe probe)
    {
        await Do(actor, _ => { });
        await probe.ExpectNothing();
    }

    private sealed class Timed(IActorRef target) : UntypedActor, IWithTimers
    {
        public ITimerScheduler Timers { get; set; } = null!;

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case Func<ITimerScheduler, bool> query:
                    Sender.Tell(query(Timers));
                    break;
                case Fail fail:
                    throw fail.Cause;
                default:
                    target.Tell(message);
                    break;
            }
        }
    }
}
