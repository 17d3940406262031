using Akka.Actor;
using Akka.TestKit.Tests.Support;
using Xunit;

namespace Akka.TestKit.Tests;

public sealed class TestSchedulerTests()
    : KitTest("akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"")
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private TestScheduler Scheduler => (TestScheduler)Sys.Scheduler;

    [Fact]
    public void Nothing_happens_until_the_time_is_moved()
    {
        Scheduler.ScheduleTellOnce(Second, TestActor, "due", ActorRefs.NoSender);

        ExpectNoMsg(Short);
        Scheduler.Advance(Second - TimeSpan.FromTicks(1));
        ExpectNoMsg(Short);
        Scheduler.Advance(TimeSpan.FromTicks(1));
        ExpectMsg("due");
    }

    [Fact]
    public void What_is_due_happens_in_the_order_of_its_times_and_then_of_its_requests()
    {
        foreach (var (delay, text) in new[] { (3, "d"), (1, "a"), (2, "b"), (2, "c") })
        {
            Scheduler.ScheduleTellOnce(delay * Second, TestActor, text, ActorRefs.NoSender);
        }

        Scheduler.Advance(3 * Second);

        Assert.Equal(["a", "b", "c", "d"], ReceiveN(4));
    }

    [Fact]
    public void What_repeats_happens_once_each_time_it_is_due_until_it_is_cancelled()
    {
        using var cancel = new Cancelable(Sys.Scheduler);
        var runs = 0;
        Scheduler.ScheduleTellRepeatedly(Second, 2 * Second, TestActor, "tick", ActorRefs.NoSender, cancel);
        Scheduler.ScheduleRepeatedly(Second, 2 * Second, () => runs++, cancel);

        Scheduler.Advance(Second);
        Scheduler.Advance(Second);
        Scheduler.Advance(Second);
        Scheduler.Advance(10 * Second);
        Assert.Equal(3, ReceiveN(3).Count);
        cancel.Cancel();
        Scheduler.Advance(10 * Second);

        ExpectNoMsg(Short);
        Assert.Equal(3, runs);
    }

    [Fact]
    public void A_cancelled_action_does_not_run()
    {
        using var cancel = new Cancelable(Sys.Scheduler);
        var runs = 0;
        Scheduler.ScheduleOnce(Second, () => runs++, cancel);
        Scheduler.ScheduleOnce(Second, () => runs += 10);
        cancel.Cancel();

        Scheduler.Advance(Second);

        Assert.Equal(10, runs);
    }

    [Fact]
    public void The_time_moves_to_an_instant_but_not_back()
    {
        var start = Scheduler.Now;
        Scheduler.ScheduleTellOnce(Second, TestActor, "due", ActorRefs.NoSender);

        Scheduler.AdvanceTo(start + Second);

        ExpectMsg("due");
        Assert.Equal(start + Second, Scheduler.Now);
        Assert.Throws<InvalidOperationException>(() => Scheduler.AdvanceTo(start));
    }

    [Fact]
    public void A_receive_timeout_goes_by_the_scheduler()
    {
        var echo = ActorOfAsTestActorRef<Echo>();
        echo.UnderlyingActor.TimedOut = TestActor;
        echo.Tell(new Timed(10 * Second));

        Scheduler.Advance(9 * Second);
        ExpectNoMsg(Short);
        Scheduler.Advance(Second);
        ExpectMsg("idle");
    }
}
