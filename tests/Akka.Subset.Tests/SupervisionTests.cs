using Akka.Actor;
using Akka.Event;
using Akka.Subset.Tests.Support;
using Xunit;

namespace Akka.Subset.Tests;

/// <summary>Semantics 6: supervision.</summary>
public sealed class SupervisionTests : ActorTest
{
    private readonly Journal _journal = new();

    [Fact]
    [Trait(Semantics.Trait, "6a")]
    public void The_default_decider_stops_what_cannot_start_was_killed_or_broke_a_pact()
    {
        var decider = SupervisorStrategy.DefaultDecider;

        Assert.Equal(Directive.Stop, decider.Decide(new ActorInitializationException("x")));
        Assert.Equal(Directive.Stop, decider.Decide(
            new PostRestartException(Sys.DeadLetters, new IOException(), new IOException())));
        Assert.Equal(Directive.Stop, decider.Decide(new ActorKilledException("x")));
        Assert.Equal(Directive.Stop, decider.Decide(new DeathPactException(Sys.DeadLetters)));
        Assert.Equal(Directive.Restart, decider.Decide(new InvalidOperationException("x")));
    }

    [Fact]
    [Trait(Semantics.Trait, "6b")]
    public void The_default_strategy_restarts_one_child_without_limit()
    {
        var strategy = Assert.IsType<OneForOneStrategy>(SupervisorStrategy.DefaultStrategy);

        Assert.Equal(-1, strategy.MaxNumberOfRetries);
        Assert.Equal(-1, strategy.WithinTimeRangeMilliseconds);
    }

    [Fact]
    public async Task Resume_keeps_the_instance_and_goes_on_with_the_next_message()
    {
        var (_, child) = await Family(new OneForOneStrategy(_ => Directive.Resume));

        child.Tell(Fail.With("boom"));
        child.Tell("next");

        _journal.WaitFor("c.next");
        Assert.Equal(["c.ctor", "c.PreStart", "c.next"], Of("c."));
    }

    [Fact]
    [Trait(Semantics.Trait, "6c")]
    public async Task Two_restarts_are_allowed_within_the_window_and_the_third_failure_stops()
    {
        var probe = NewProbe();
        var (_, child) = await Family(new OneForOneStrategy(2, TimeSpan.FromSeconds(30), _ => Directive.Restart));
        await probe.Watch(child);

        child.Tell(Fail.With("1"));
        child.Tell(Fail.With("2"));
        child.Tell(Fail.With("3"));

        await probe.ExpectTerminated(child);
        Assert.Equal(3, Of("c.").Count(entry => entry == "c.ctor"));
    }

    [Fact]
    public async Task A_new_window_counts_anew()
    {
        var (_, child) = await Family(new OneForOneStrategy(1, TimeSpan.FromSeconds(30), _ => Directive.Restart));

        for (var i = 0; i < 4; i++)
        {
            child.Tell(Fail.With($"{i}"));
            child.Tell($"alive {i}");
            _journal.WaitFor($"c.alive {i}");
            Time.Advance(TimeSpan.FromSeconds(31));
        }
    }

    [Fact]
    public async Task No_retry_allowed_stops_at_the_first_failure()
    {
        var probe = NewProbe();
        var (_, child) = await Family(new OneForOneStrategy(0, 1000, _ => Directive.Restart));
        await probe.Watch(child);

        child.Tell(Fail.With("boom"));

        await probe.ExpectTerminated(child);
    }

    [Fact]
    [Trait(Semantics.Trait, "6d")]
    public async Task A_child_whose_constructor_fails_is_stopped_and_its_parent_told()
    {
        var probe = NewProbe();
        Sys.EventStream.Subscribe(probe.Ref, typeof(Error));
        var told = NewProbe();
        var parent = Act((context, message) =>
        {
            if (message is Props props)
            {
                context.Watch(context.ActorOf(props, "broken"));
            }
            else if (message is Terminated terminated)
            {
                told.Ref.Tell(terminated.ActorRef.Path.Name, context.Self);
            }
        });

        parent.Tell(Props.Create(() => new FailsInConstructor()));

        await told.Expect("broken");
        var cause = Assert.IsType<ActorInitializationException>((await probe.Expect<Error>()).Cause);
        Assert.Equal("no instance", cause.InnerException!.Message);
    }

    [Fact]
    public async Task A_failing_start_can_be_tried_again_by_a_decider_that_restarts()
    {
        var attempts = new RestartTests.StrongBox();
        var parent = Sys.ActorOf(Recorder.Of(_journal, "P.", new OneForOneStrategy(_ => Directive.Restart)));
        var child = await Soon(parent.Ask<IActorRef>(
            new Spawn(Props.Create(() => new StartsAtThirdAttempt(attempts)), "c")));

        Assert.Equal("here", await Soon(child.Ask<string>("there?")));
        Assert.Equal(3, attempts.Count);
    }

    [Fact]
    public async Task OneForOne_leaves_the_siblings_alone()
    {
        var (parent, child) = await Family(new OneForOneStrategy(_ => Directive.Restart));
        var sibling = await Soon(parent.Ask<IActorRef>(new Spawn(Recorder.Of(_journal, "s."), "s")));

        child.Tell(Fail.With("boom"));
        _journal.WaitFor("c.PostRestart");
        sibling.Tell("hello");

        _journal.WaitFor("s.hello");
        Assert.Equal(["s.ctor", "s.PreStart", "s.hello"], Of("s."));
    }

    [Fact]
    public async Task AllForOne_restarts_the_siblings_too()
    {
        var (parent, child) = await Family(new AllForOneStrategy(_ => Directive.Restart));
        var sibling = await Soon(parent.Ask<IActorRef>(new Spawn(Recorder.Of(_journal, "s."), "s")));
        sibling.Tell("before");
        _journal.WaitFor("s.before");

        child.Tell(Fail.With("boom"));
        _journal.WaitFor("c.PostRestart");
        sibling.Tell("after");

        _journal.WaitFor("s.after");
        Assert.Equal(
            [
                "s.ctor", "s.PreStart", "s.before", "s.PreRestart(boom)", "s.PostStop", "s.ctor", "s.PostRestart",
                "s.PreStart", "s.after",
            ],
            Of("s."));
    }

    [Fact]
    public async Task AllForOne_stops_all_when_one_has_no_retry_left()
    {
        var probe = NewProbe();
        var (parent, child) = await Family(new AllForOneStrategy(1, 60_000, _ => Directive.Restart));
        var sibling = await Soon(parent.Ask<IActorRef>(new Spawn(Recorder.Of(_journal, "s."), "s")));
        await probe.Watch(sibling);

        child.Tell(Fail.With("1"));
        child.Tell(Fail.With("2"));

        await probe.ExpectTerminated(sibling);
    }

    [Fact]
    public async Task Escalate_makes_the_parent_fail_with_the_cause_of_the_child()
    {
        var causes = new List<Exception>();
        var grandparent = Sys.ActorOf(Recorder.Of(_journal, "G.", new OneForOneStrategy(cause =>
        {
            causes.Add(cause);
            return Directive.Restart;
        })));
        var parent = await Soon(grandparent.Ask<IActorRef>(
            new Spawn(Recorder.Of(_journal, "P.", new OneForOneStrategy(_ => Directive.Escalate)), "p")));
        var child = await Soon(parent.Ask<IActorRef>(new Spawn(Recorder.Of(_journal, "c."), "c")));

        child.Tell(Fail.With("boom"));

        _journal.WaitFor("P.PostRestart");
        Assert.Equal("boom", Assert.Single(causes).Message);
        Assert.Contains("c.PostStop", _journal.Entries);
        Assert.DoesNotContain("c.PostRestart", _journal.Entries);
    }

    [Fact]
    public async Task An_escalated_failure_that_is_forgiven_resumes_parent_and_child()
    {
        var grandparent = Sys.ActorOf(Recorder.Of(_journal, "G.", new OneForOneStrategy(_ => Directive.Resume)));
        var parent = await Soon(grandparent.Ask<IActorRef>(
            new Spawn(Recorder.Of(_journal, "P.", new OneForOneStrategy(_ => Directive.Escalate)), "p")));
        var child = await Soon(parent.Ask<IActorRef>(new Spawn(Recorder.Of(_journal, "c."), "c")));

        child.Tell(Fail.With("boom"));
        child.Tell("next");
        parent.Tell("next");

        _journal.WaitFor("c.next");
        _journal.WaitFor("P.next");
        Assert.DoesNotContain(_journal.Entries, entry => entry.Contains("PreRestart", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_decider_that_throws_escalates_what_it_threw()
    {
        var causes = new List<Exception>();
        var grandparent = Sys.ActorOf(Recorder.Of(_journal, "G.", new OneForOneStrategy(cause =>
        {
            causes.Add(cause);
            return Directive.Stop;
        })));
        var parent = await Soon(grandparent.Ask<IActorRef>(new Spawn(
            Recorder.Of(_journal, "P.", new OneForOneStrategy(_ => throw new IOException("undecided"))), "p")));
        var child = await Soon(parent.Ask<IActorRef>(new Spawn(Recorder.Of(_journal, "c."), "c")));

        child.Tell(Fail.With("boom"));

        _journal.WaitFor("P.PostStop");
        Assert.Equal("undecided", Assert.Single(causes).Message);
    }

    [Fact]
    public async Task The_strategy_of_the_props_goes_before_that_of_the_class()
    {
        var probe = NewProbe();
        var props = Recorder.Of(_journal, "P.", new OneForOneStrategy(_ => Directive.Resume))
            .WithSupervisorStrategy(SupervisorStrategy.StoppingStrategy);
        var child = await Soon(Sys.ActorOf(props).Ask<IActorRef>(new Spawn(Recorder.Of(_journal, "c."), "c")));
        await probe.Watch(child);

        child.Tell(Fail.With("boom"));

        await probe.ExpectTerminated(child);
    }

    [Fact]
    public void A_table_decider_takes_the_first_entry_that_fits()
    {
        var decider = Decider.From(
            Directive.Escalate,
            Directive.Resume.When<IOException>(),
            Directive.Stop.When<SystemException>());

        Assert.Equal(Directive.Resume, decider.Decide(new FileNotFoundException()));
        Assert.Equal(Directive.Stop, decider.Decide(new InvalidOperationException()));
        Assert.Equal(Directive.Escalate, decider.Decide(new ActorKilledException("x")));
    }

    private async Task<(IActorRef Parent, IActorRef Child)> Family(SupervisorStrategy strategy)
    {
        var parent = Sys.ActorOf(Recorder.Of(_journal, "P.", strategy));
        return (parent, await Soon(parent.Ask<IActorRef>(new Spawn(Recorder.Of(_journal, "c."), "c"))));
    }

    private IEnumerable<string> Of(string prefix) =>
        _journal.Entries.Where(entry => entry.StartsWith(prefix, StringComparison.Ordinal));

    private sealed class FailsInConstructor : UntypedActor
    {
        public FailsInConstructor() => throw new InvalidOperationException("no instance");

        protected override void OnReceive(object message) => Unhandled(message);
    }

    private sealed class StartsAtThirdAttempt(RestartTests.StrongBox attempts) : UntypedActor
    {
        protected override void PreStart()
        {
            if (++attempts.Count < 3)
            {
                throw new InvalidOperationException("not yet");
            }
        }

        protected override void OnReceive(object message) => Sender.Tell("here");
    }
}

/// <summary>Semantics 6: what reaches the top.</summary>
public sealed class GuardianTests() : ActorTest(
    "akka.actor.guardian-supervisor-strategy = \"Akka.Actor.StoppingSupervisorStrategy\"")
{
    [Fact]
    public async Task The_guardian_has_the_strategy_that_is_configured()
    {
        var probe = NewProbe();
        var actor = Sys.ActorOf(Recorder.Of(new Journal()));
        await probe.Watch(actor);

        actor.Tell(Fail.With("boom"));

        await probe.ExpectTerminated(actor);
    }
}

/// <summary>Semantics 6: a guardian that escalates takes the system down.</summary>
public sealed class EscalatingGuardianTests() : ActorTest(
    "akka.actor.guardian-supervisor-strategy = \"Akka.Subset.Tests.EscalatingConfigurator, Akka.Subset.Tests\"")
{
    [Fact]
    public async Task A_failure_that_is_escalated_beyond_the_guardian_ends_the_system()
    {
        var actor = Sys.ActorOf(Recorder.Of(new Journal()));

        actor.Tell(Fail.With("boom"));

        await Soon(Sys.WhenTerminated);
    }
}

public sealed class EscalatingConfigurator : SupervisorStrategyConfigurator
{
    public override SupervisorStrategy Create() => new OneForOneStrategy(_ => Directive.Escalate);
}
