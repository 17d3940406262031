using Akka.Actor;
using Akka.Event;
using Akka.Subset.Tests.Support;
using Xunit;

namespace Akka.Subset.Tests;

/// <summary>Semantics 12: asking.</summary>
public sealed class AskTests : ActorTest
{
    [Fact]
    public async Task The_answer_is_the_result()
    {
        var echo = Act((context, message) => context.Sender.Tell(message, context.Self));

        Assert.Equal(7, await Soon(echo.Ask<int>(7)));
        Assert.Equal("text", await Soon(echo.Ask("text")));
    }

    [Fact]
    [Trait(Semantics.Trait, "12a")]
    public async Task Without_a_timeout_an_ask_waits_for_ever()
    {
        var silent = Act((_, _) => { });

        var answer = silent.Ask<int>("?");
        Time.Advance(TimeSpan.FromDays(365));

        Assert.Equal(Timeout.InfiniteTimeSpan, Sys.Settings.AskTimeout);
        Assert.False(answer.IsCompleted);
        Assert.Equal(0, Time.ActiveTimers);
        await StopAndWait(silent);
    }

    [Fact]
    [Trait(Semantics.Trait, "12b")]
    public async Task An_ask_fails_when_no_answer_comes_in_time()
    {
        var silent = Act((_, _) => { });
        var answer = silent.Ask<int>("?", TimeSpan.FromSeconds(3));

        Time.Advance(TimeSpan.FromSeconds(2.9));
        Assert.False(answer.IsCompleted);
        Time.Advance(TimeSpan.FromSeconds(0.1));

        await Assert.ThrowsAsync<AskTimeoutException>(() => Soon(answer));
    }

    [Fact]
    public async Task The_timer_of_an_answered_ask_is_taken_out_of_the_scheduler()
    {
        var echo = Act((context, message) => context.Sender.Tell(message, context.Self));

        for (var i = 0; i < 100; i++)
        {
            await Soon(echo.Ask<int>(i, TimeSpan.FromHours(1)));
        }

        Assert.Equal(0, ((TimerQueueScheduler)Sys.Scheduler).Count);
    }

    [Fact]
    [Trait(Semantics.Trait, "12c")]
    public async Task A_cancelled_ask_is_cancelled()
    {
        using var cancel = new CancellationTokenSource();
        var silent = Act((_, _) => { });
        var answer = silent.Ask<int>("?", cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAsync<TaskCanceledException>(() => Soon(answer));
        await Assert.ThrowsAsync<TaskCanceledException>(() => Soon(silent.Ask<int>("?", cancel.Token)));
    }

    [Fact]
    [Trait(Semantics.Trait, "12d")]
    public async Task A_failure_as_answer_throws_its_cause()
    {
        var fails = Act((context, _) => context.Sender.Tell(new Status.Failure(new IOException("why")), context.Self));

        Assert.Equal("why", (await Assert.ThrowsAsync<IOException>(() => Soon(fails.Ask<int>("?")))).Message);
        await Assert.ThrowsAsync<IOException>(() => Soon(fails.Ask("?")));
        Assert.Equal("why", (await Soon(fails.Ask<Status.Failure>("?"))).Cause.Message);
    }

    [Fact]
    [Trait(Semantics.Trait, "12e")]
    public async Task An_answer_of_another_type_is_an_argument_exception()
    {
        var echo = Act((context, message) => context.Sender.Tell(message, context.Self));

        await Assert.ThrowsAsync<ArgumentException>(() => Soon(echo.Ask<int>("text")));
    }

    [Fact]
    [Trait(Semantics.Trait, "12f")]
    public async Task A_late_answer_is_a_dead_letter()
    {
        var probe = NewProbe();
        Sys.EventStream.Subscribe(probe.Ref, typeof(DeadLetter));
        var twice = Act((context, _) =>
        {
            context.Sender.Tell("first", context.Self);
            context.Sender.Tell("second", context.Self);
        });

        Assert.Equal("first", await Soon(twice.Ask<string>("?")));

        Assert.Equal("second", (await probe.Expect<DeadLetter>()).Message);
    }

    [Fact]
    [Trait(Semantics.Trait, "12f")]
    public async Task An_answer_that_comes_after_the_timeout_is_a_dead_letter()
    {
        var probe = NewProbe();
        Sys.EventStream.Subscribe(probe.Ref, typeof(DeadLetter));
        var asker = ActorRefs.NoSender;
        using var asked = new ManualResetEventSlim();
        var silent = Act((context, _) =>
        {
            asker = context.Sender;
            asked.Set();
        });
        var answer = silent.Ask<string>("?", TimeSpan.FromSeconds(3));
        Assert.True(asked.Wait(Deadline));

        Time.Advance(TimeSpan.FromSeconds(3));
        await Assert.ThrowsAsync<AskTimeoutException>(() => Soon(answer));
        asker!.Tell("late", silent);

        Assert.Equal("late", (await probe.Expect<DeadLetter>()).Message);
    }

    [Fact]
    public async Task The_message_can_carry_the_reference_to_answer_to()
    {
        var answers = Act((_, message) => ((IActorRef)message).Tell("answered", ActorRefs.NoSender));

        Assert.Equal("answered", await Soon(
            answers.Ask<string>(replyTo => replyTo, null, CancellationToken.None)));
    }

    [Fact]
    public async Task A_selection_can_be_asked()
    {
        Act((context, message) => context.Sender.Tell(message, context.Self), "echo");

        Assert.Equal("ping", await Soon(Sys.ActorSelection("/user/echo").Ask<string>("ping")));
    }

    [Fact]
    public async Task An_ask_with_a_timeout_fails_when_the_system_has_ended()
    {
        var actor = Act((_, _) => { });
        await Soon(Sys.Terminate());

        await Assert.ThrowsAsync<SchedulerException>(() => Soon(actor.Ask("?", Deadline)));
    }

    [Fact]
    public void Nobody_cannot_be_asked() =>
        Assert.Throws<ArgumentException>(() => { _ = ActorRefs.Nobody.Ask("?"); });
}

/// <summary>Semantics 12: the timeout of the configuration.</summary>
public sealed class ConfiguredAskTests() : ActorTest("akka.actor.ask-timeout = 5s")
{
    [Fact]
    [Trait(Semantics.Trait, "12a")]
    public async Task An_ask_that_is_given_no_timeout_has_the_configured_one()
    {
        var answer = Act((_, _) => { }).Ask<int>("?");

        Time.Advance(TimeSpan.FromSeconds(5));

        await Assert.ThrowsAsync<AskTimeoutException>(() => Soon(answer));
    }
}
