using Akka.Actor;
using Akka.Subset.Tests.Support;
using Xunit;

namespace Akka.Subset.Tests;

/// <summary>Semantics 2: restarts.</summary>
public sealed class RestartTests : ActorTest
{
    private readonly Journal _journal = new();

    [Fact]
    [Trait(Semantics.Trait, "2b")]
    [Trait(Semantics.Trait, "2c")]
    [Trait(Semantics.Trait, "2d")]
    [Trait(Semantics.Trait, "2f")]
    public void Restart_runs_the_hooks_in_order_and_does_not_redeliver_the_failing_message()
    {
        var actor = Sys.ActorOf(Recorder.Of(_journal));

        foreach (var message in new object[] { 1, 2, Fail.With("boom"), 3, 4 })
        {
            actor.Tell(message);
        }

        _journal.Expect(
            "ctor", "PreStart", "1", "2", "PreRestart(boom)", "PostStop", "ctor", "PostRestart", "PreStart", "3", "4");
    }

    [Fact]
    [Trait(Semantics.Trait, "2a")]
    public async Task Restart_keeps_the_reference_the_path_and_the_uid()
    {
        var actor = Act((context, message) =>
        {
            if (message is Fail fail)
            {
                throw fail.Cause;
            }

            context.Sender.Tell(context.Self, context.Self);
        });
        var before = await Soon(actor.Ask<IActorRef>("self"));

        actor.Tell(Fail.With("boom"));
        var after = await Soon(actor.Ask<IActorRef>("self"));

        Assert.Equal(before, after);
        Assert.Equal(before.Path.Uid, after.Path.Uid);
    }

    [Fact]
    [Trait(Semantics.Trait, "2d")]
    [Trait(Semantics.Trait, "2e")]
    public async Task Restart_stops_all_children_before_the_new_instance_is_created()
    {
        string[] children = ["c1", "c2", "c3"];
        var parent = Sys.ActorOf(Recorder.Of(_journal, "P."));
        foreach (var child in children)
        {
            await Soon(parent.Ask<IActorRef>(new Spawn(Recorder.Of(_journal, child + "."), child)));
            _journal.WaitFor(child + ".PreStart");
        }

        _journal.Clear();

        parent.Tell(Fail.With("boom"));

        _journal.WaitFor("P.PreStart");
        var entries = _journal.Entries.ToList();
        Assert.All(children, child => Assert.InRange(
            entries.IndexOf(child + ".PostStop"), 0, entries.IndexOf("P.ctor")));
        Assert.Equal(
            ["P.PreRestart(boom)", "P.PostStop", "P.ctor", "P.PostRestart", "P.PreStart"],
            entries.Where(entry => entry.StartsWith("P.", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_child_that_PreRestart_does_not_stop_is_restarted_with_its_parent()
    {
        var journal = _journal;
        var parent = Sys.ActorOf(Props.Create(() => new KeepsChildren(journal)));
        var child = await Soon(parent.Ask<IActorRef>(new Spawn(Recorder.Of(_journal, "c."), "c")));
        _journal.WaitFor("c.PreStart");
        _journal.Clear();

        parent.Tell(Fail.With("boom"));
        _journal.WaitFor("c.PreStart");
        child.Tell("after");

        _journal.WaitFor("c.after");
        Assert.Equal(
            ["c.PreRestart(boom)", "c.PostStop", "c.ctor", "c.PostRestart", "c.PreStart", "c.after"],
            _journal.Entries.Where(entry => entry.StartsWith("c.", StringComparison.Ordinal)));
    }

    [Fact]
    [Trait(Semantics.Trait, "2d")]
    public void PreRestart_is_given_the_message_at_which_the_actor_failed()
    {
        var messages = new List<object?>();
        var done = new ManualResetEventSlim();
        var actor = Sys.ActorOf(Props.Create(() => new NotesMessage(messages, done)));

        actor.Tell("the culprit");

        Assert.True(done.Wait(Deadline));
        Assert.Equal(["the culprit"], messages);
    }

    [Fact]
    public void An_exception_in_PreRestart_does_not_keep_the_actor_from_restarting()
    {
        var journal = _journal;
        var actor = Sys.ActorOf(Props.Create(() => new FailsInPreRestart(journal)));

        actor.Tell("boom");
        actor.Tell("next");

        _journal.Expect("ctor", "PreRestart", "ctor", "next");
    }

    [Fact]
    public async Task An_actor_whose_new_instance_fails_is_stopped_by_the_default_decider()
    {
        var probe = NewProbe();
        var instances = new StrongBox();
        var actor = Sys.ActorOf(Props.Create(() => new FailsAtSecondCreation(instances)));
        await probe.Watch(actor);

        actor.Tell("boom");

        await probe.ExpectTerminated(actor);
        Assert.Equal(2, instances.Count);
    }

    public sealed class StrongBox
    {
        public int Count { get; set; }
    }

    private sealed class KeepsChildren(Journal journal) : Recorder(journal, "P.")
    {
        protected override void PreRestart(Exception reason, object? message) => PostStop();
    }

    private sealed class NotesMessage(List<object?> messages, ManualResetEventSlim done) : UntypedActor
    {
        protected override void OnReceive(object message) => throw new InvalidOperationException("boom");

        protected override void PreRestart(Exception reason, object? message) => messages.Add(message);

        protected override void PostRestart(Exception reason) => done.Set();
    }

    private sealed class FailsInPreRestart : UntypedActor
    {
        private readonly Journal _journal;

        public FailsInPreRestart(Journal journal)
        {
            _journal = journal;
            journal.Add("ctor");
        }

        protected override void OnReceive(object message)
        {
            if (message is "boom")
            {
                throw new InvalidOperationException("boom");
            }

            _journal.Add((string)message);
        }

        protected override void PreRestart(Exception reason, object? message)
        {
            _journal.Add("PreRestart");
            throw new InvalidOperationException("PreRestart fails too");
        }
    }

    private sealed class FailsAtSecondCreation : UntypedActor
    {
        public FailsAtSecondCreation(StrongBox instances)
        {
            if (++instances.Count == 2)
            {
                throw new InvalidOperationException("no second instance");
            }
        }

        protected override void OnReceive(object message) => throw new InvalidOperationException("boom");
    }
}
