using Akka.Actor;
using Akka.Subset.Tests.Support;
using Xunit;

namespace Akka.Subset.Tests;

public sealed class SchedulerTests : ActorTest
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Messages_are_sent_when_they_are_due_in_the_order_of_their_times()
    {
        var probe = NewProbe();
        var delays = Enumerable.Range(1, 200).ToArray();
        Random.Shared.Shuffle(delays);
        foreach (var delay in delays)
        {
            Sys.Scheduler.ScheduleTellOnce(delay * Second, probe.Ref, delay, ActorRefs.NoSender);
        }

        Time.Advance(200 * Second);

        foreach (var delay in delays.Order())
        {
            await probe.Expect(delay);
        }
    }

    [Fact]
    public void A_cancelled_request_leaves_nothing_behind()
    {
        var fired = 0;
        var requests = Enumerable.Range(1, 100)
            .Select(i => Sys.Scheduler.Advanced.ScheduleOnceCancelable(i * Second, () => fired++))
            .ToList();

        foreach (var request in requests.Where((_, i) => i % 3 != 0))
        {
            request.Cancel();
        }

        Assert.Equal(34, ((TimerQueueScheduler)Sys.Scheduler).Count);
        Time.Advance(100 * Second);
        Assert.Equal(34, fired);
    }

    [Fact]
    public void A_repeated_request_keeps_its_pace_until_it_is_cancelled()
    {
        var fired = new List<TimeSpan>();
        var request = Sys.Scheduler.Advanced.ScheduleRepeatedlyCancelable(
            Second, 2 * Second, () => fired.Add(Sys.Scheduler.MonotonicClock));

        Time.Advance(6 * Second);
        request.Cancel();
        Time.Advance(6 * Second);

        Assert.Equal([Second, 3 * Second, 5 * Second], fired);
    }

    [Fact]
    public void A_failing_action_does_not_keep_the_others_from_running()
    {
        var fired = false;
        Sys.Scheduler.Advanced.ScheduleOnce(Second, () => throw new IOException());
        Sys.Scheduler.Advanced.ScheduleOnce(Second, () => fired = true);

        Time.Advance(Second);

        Assert.True(fired);
    }

    [Fact]
    public void Negative_delays_and_empty_intervals_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(
            () => Sys.Scheduler.ScheduleTellOnce(-Second, Sys.IgnoreRef, "x", ActorRefs.NoSender));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => Sys.Scheduler.ScheduleTellRepeatedly(Second, TimeSpan.Zero, Sys.IgnoreRef, "x", ActorRefs.NoSender));
    }

    [Fact]
    public void The_token_of_a_request_is_cancelled_with_it()
    {
        using var request = new Cancelable(Sys.Scheduler, 2 * Second);
        var token = request.Token;

        Time.Advance(2 * Second);

        Assert.True(token.IsCancellationRequested);
        Assert.True(request.IsCancellationRequested);
        Assert.True(Cancelable.CreateCanceled().IsCancellationRequested);
    }

    [Fact]
    public async Task Ten_thousand_idle_actors_have_no_timer_and_use_no_thread()
    {
        var actors = Enumerable.Range(0, 10_000).Select(_ => Act((context, _) => context.Sender.Tell(1))).ToList();
        foreach (var actor in actors)
        {
            await Soon(actor.Ask<int>("?"));
        }

        // The answer is sent inside the turn: wait for the turn itself to end.
        Assert.True(
            SpinWait.SpinUntil(() => actors.All(actor => ((LocalActorRef)actor).Cell.IsIdle), Deadline),
            "an actor that has nothing to do is scheduled");
        Assert.Equal(0, Time.ActiveTimers);
        Assert.Equal(0, ((TimerQueueScheduler)Sys.Scheduler).Count);
    }

    [Fact]
    public async Task The_real_clock_drives_the_scheduler_too()
    {
        using var system = ActorSystem.Create("real", "akka.loggers = []");
        var probe = new Probe(system);

        system.Scheduler.ScheduleTellOnce(20, probe.Ref, "tick", ActorRefs.NoSender);

        await probe.Expect("tick");
        await Soon(system.Terminate());
    }
}
