using Akka.Actor;
using Akka.Event;
using Akka.Subset.Tests.Support;
using Xunit;

namespace Akka.Subset.Tests;

/// <summary>Semantics 3: the end of an actor.</summary>
public sealed class StopTests : ActorTest
{
    private readonly Journal _journal = new();

    [Fact]
    [Trait(Semantics.Trait, "3b")]
    public async Task Children_stop_before_their_parent_and_watchers_hear_of_it_last()
    {
        var probe = NewProbe();
        var parent = Sys.ActorOf(Recorder.Of(_journal, "P."));
        await Soon(parent.Ask<IActorRef>(new Spawn(Recorder.Of(_journal, "c1."), "c1")));
        await probe.Watch(parent);
        _journal.WaitFor("c1.PreStart");
        _journal.Clear();

        Sys.Stop(parent);

        await probe.ExpectTerminated(parent);
        _journal.Expect("c1.PostStop", "P.PostStop");
    }

    [Fact]
    [Trait(Semantics.Trait, "3c")]
    [Trait(Semantics.Trait, "3d")]
    public async Task Stop_overtakes_queued_messages_which_become_dead_letters()
    {
        var probe = NewProbe();
        Sys.EventStream.Subscribe(probe.Ref, typeof(DeadLetter));
        using var entered = new ManualResetEventSlim();
        using var proceed = new ManualResetEventSlim();
        var actor = Act((_, message) =>
        {
            _journal.Add((string)message);
            entered.Set();
            proceed.Wait(Deadline);
        });

        actor.Tell("first");
        Assert.True(entered.Wait(Deadline));
        actor.Tell("second");
        actor.Tell("third");
        Sys.Stop(actor);
        proceed.Set();

        Assert.Equal("second", (await probe.Expect<DeadLetter>()).Message);
        var last = await probe.Expect<DeadLetter>();
        Assert.Equal("third", last.Message);
        Assert.Equal(actor, last.Recipient);
        _journal.Expect("first");
    }

    [Fact]
    [Trait(Semantics.Trait, "3e")]
    public async Task PoisonPill_waits_for_its_turn()
    {
        var (probe, letters) = (NewProbe(), NewProbe());
        Sys.EventStream.Subscribe(letters.Ref, typeof(DeadLetter));
        var actor = Sys.ActorOf(Recorder.Of(_journal));
        await probe.Watch(actor);

        actor.Tell(1);
        actor.Tell(2);
        actor.Tell(PoisonPill.Instance);
        actor.Tell(3);

        await probe.ExpectTerminated(actor);
        _journal.Expect("ctor", "PreStart", "1", "2", "PostStop");
        Assert.Equal(3, (await letters.Expect<DeadLetter>()).Message);
    }

    [Fact]
    [Trait(Semantics.Trait, "3f")]
    public async Task Kill_makes_the_actor_fail_in_its_turn_and_the_default_decider_stop_it()
    {
        var probe = NewProbe();
        var causes = new List<Exception>();
        var parent = Sys.ActorOf(
            Props.Create(() => new Recorder(_journal, "P.", null)).WithSupervisorStrategy(
                new OneForOneStrategy(cause =>
                {
                    causes.Add(cause);
                    return SupervisorStrategy.DefaultDecider.Decide(cause);
                })));
        var child = await Soon(parent.Ask<IActorRef>(new Spawn(Recorder.Of(_journal, "c."), "c")));
        await probe.Watch(child);

        child.Tell("before");
        child.Tell(Kill.Instance);

        await probe.ExpectTerminated(child);
        Assert.IsType<ActorKilledException>(Assert.Single(causes));
        Assert.Contains("c.before", _journal.Entries);
    }

    [Fact]
    [Trait(Semantics.Trait, "3a")]
    public async Task An_actor_that_stops_itself_finishes_the_message()
    {
        var probe = NewProbe();
        var actor = Act((context, message) =>
        {
            context.Stop(context.Self);
            probe.Ref.Tell("finished", context.Self);
        });
        await probe.Watch(actor);

        actor.Tell("stop");
        actor.Tell("never");

        await probe.Expect("finished");
        await probe.ExpectTerminated(actor);
    }

    [Fact]
    public async Task An_exception_in_PostStop_does_not_keep_the_actor_from_ending()
    {
        var probe = NewProbe();
        Sys.EventStream.Subscribe(probe.Ref, typeof(Error));
        var actor = Sys.ActorOf(Props.Create(() => new FailsInPostStop()));

        await StopAndWait(actor);

        Assert.IsType<InvalidOperationException>((await probe.Expect<Error>()).Cause);
    }

    [Fact]
    public async Task GracefulStop_returns_true_when_the_actor_has_ended_and_again_afterwards()
    {
        var actor = Sys.ActorOf(Recorder.Of(_journal));
        actor.Tell("first");

        Assert.True(await Soon(actor.GracefulStop(Deadline)));
        Assert.True(await Soon(actor.GracefulStop(Deadline)));
        _journal.Expect("ctor", "PreStart", "first", "PostStop");
    }

    [Fact]
    public async Task GracefulStop_is_cancelled_when_the_actor_does_not_end_in_time()
    {
        var actor = Act((_, _) => { });
        var stop = actor.GracefulStop(TimeSpan.FromSeconds(3), "not a stop message");

        Time.Advance(TimeSpan.FromSeconds(3));

        await Assert.ThrowsAsync<TaskCanceledException>(() => Soon(stop));
    }

    [Fact]
    public async Task A_deep_hierarchy_stops_from_the_leaves_up()
    {
        const int depth = 200;
        var leafUp = new List<int>();
        var top = Sys.ActorOf(Props.Create(() => new Nested(depth, leafUp)));
        Assert.Equal(depth, await Soon(top.Ask<int>("depth")));

        await StopAndWait(top);

        Assert.Equal(Enumerable.Range(0, depth + 1), leafUp);
    }

    [Fact]
    public async Task Terminating_the_system_stops_ten_thousand_actors_and_then_refuses_new_ones()
    {
        const int actors = 10_000;
        var stopped = 0;
        Action onStop = () => Interlocked.Increment(ref stopped);
        var props = Props.Create(() => new Many(99, onStop));
        var parents = Enumerable.Range(0, 100).Select(_ => Sys.ActorOf(props)).ToList();
        foreach (var parent in parents)
        {
            Assert.Equal(99, await Soon(parent.Ask<int>("count")));
        }

        await Soon(Sys.Terminate());

        Assert.Equal(actors, stopped);
        Assert.Throws<InvalidOperationException>(() => Act((_, _) => { }));
    }

    [Fact]
    public async Task Callbacks_run_when_the_system_has_ended_and_none_can_be_added_then()
    {
        Sys.RegisterOnTermination(() => _journal.Add("first"));
        Sys.RegisterOnTermination(() => _journal.Add("second"));

        await Soon(Sys.Terminate());

        _journal.Expect("second", "first");
        Assert.Throws<InvalidOperationException>(() => Sys.RegisterOnTermination(() => { }));
    }

    private sealed class FailsInPostStop : UntypedActor
    {
        protected override void OnReceive(object message) => Unhandled(message);

        protected override void PostStop() => throw new InvalidOperationException("PostStop");
    }

    private sealed class Nested(int below, List<int> leafUp) : UntypedActor
    {
        private IActorRef? _child;

        protected override void PreStart()
        {
            if (below > 0)
            {
                var (one, list) = (below - 1, leafUp);
                _child = Context.ActorOf(Props.Create(() => new Nested(one, list)));
            }
        }

        protected override void OnReceive(object message)
        {
            if (_child is null)
            {
                Sender.Tell(Self.Path.Depth - 2);
            }
            else
            {
                _child.Forward(message);
            }
        }

        protected override void PostStop() => leafUp.Add(below);
    }

    private sealed class Many(int children, Action onStop) : UntypedActor
    {
        protected override void PreStart()
        {
            var stop = onStop;
            for (var i = 0; i < children; i++)
            {
                Context.ActorOf(Props.Create(() => new Many(0, stop)));
            }
        }

        protected override void OnReceive(object message) => Sender.Tell(Context.GetChildren().Count());

        protected override void PostStop() => onStop();
    }
}
