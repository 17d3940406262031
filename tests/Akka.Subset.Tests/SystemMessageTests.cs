using Akka.Actor;
using Akka.Event;
using Akka.Subset.Tests.Support;
using Xunit;

namespace Akka.Subset.Tests;

/// <summary>Semantics 4: system messages overtake the mailbox and reach a suspended actor.</summary>
public sealed class SystemMessageTests : ActorTest
{
    [Fact]
    [Trait(Semantics.Trait, "4a")]
    public async Task A_watch_of_a_busy_actor_is_taken_before_its_queued_messages()
    {
        var probe = NewProbe();
        using var entered = new ManualResetEventSlim();
        using var proceed = new ManualResetEventSlim();
        var handled = 0;
        var actor = Act((context, message) =>
        {
            if (Interlocked.Increment(ref handled) == 1)
            {
                entered.Set();
                proceed.Wait(Deadline);
            }
            else
            {
                context.Stop(context.Self);
            }
        });
        actor.Tell("block");
        Assert.True(entered.Wait(Deadline));
        actor.Tell("stop");

        await probe.Watch(actor);
        proceed.Set();

        Assert.True((await probe.ExpectTerminated(actor)).ExistenceConfirmed);
    }

    [Fact]
    [Trait(Semantics.Trait, "4a")]
    public async Task A_failure_of_a_child_is_decided_on_before_the_queued_messages_of_its_parent()
    {
        using var entered = new ManualResetEventSlim();
        using var proceed = new ManualResetEventSlim();
        var journal = new Journal();
        var parent = Sys.ActorOf(Props.Create(() => new Waits(journal)).WithSupervisorStrategy(
            new OneForOneStrategy(_ =>
            {
                journal.Add("decided");
                return Directive.Restart;
            })));
        using var failing = new ManualResetEventSlim();
        var child = await Soon(parent.Ask<IActorRef>(new Spawn(Props.Create(() => new FailsAtOnce(failing)), "c")));
        parent.Tell((entered, proceed));
        Assert.True(entered.Wait(Deadline));
        parent.Tell("queued");

        // Whoever has ended after a failure has reported it.
        child.Tell("fail");
        Assert.True(failing.Wait(Deadline));
        await StopAndWait(child);
        proceed.Set();

        journal.Expect("decided", "queued");
    }

    [Fact]
    [Trait(Semantics.Trait, "4b")]
    public async Task A_suspended_actor_handles_no_message_until_its_supervisor_decides()
    {
        using var deciding = new ManualResetEventSlim();
        using var decide = new ManualResetEventSlim();
        var journal = new Journal();
        var parent = Sys.ActorOf(Recorder.Of(journal, "P.", new OneForOneStrategy(_ =>
        {
            deciding.Set();
            decide.Wait(Deadline);
            return Directive.Resume;
        })));
        var child = await Soon(parent.Ask<IActorRef>(new Spawn(Recorder.Of(journal, "c."), "c")));

        child.Tell(Fail.With("boom"));
        child.Tell("queued");
        Assert.True(deciding.Wait(Deadline));
        Assert.DoesNotContain("c.queued", journal.Entries);
        decide.Set();

        journal.WaitFor("c.queued");
    }

    [Fact]
    [Trait(Semantics.Trait, "4c")]
    public async Task A_suspended_actor_can_be_watched_unwatched_and_stopped()
    {
        using var deciding = new ManualResetEventSlim();
        using var decide = new ManualResetEventSlim();
        var (watcher, unwatcher) = (NewProbe(), NewProbe());
        var parent = Sys.ActorOf(Recorder.Of(new Journal(), "P.", new OneForOneStrategy(_ =>
        {
            deciding.Set();
            decide.Wait(Deadline);
            return Directive.Resume;
        })));
        var child = await Soon(parent.Ask<IActorRef>(new Spawn(Recorder.Of(new Journal()), "c")));

        child.Tell(Fail.With("boom"));
        Assert.True(deciding.Wait(Deadline));
        await watcher.Watch(child);
        await unwatcher.Watch(child);
        await unwatcher.Unwatch(child);
        Sys.Stop(child);

        Assert.True((await watcher.ExpectTerminated(child)).ExistenceConfirmed);
        await unwatcher.ExpectNothing();
        decide.Set();
    }

    [Fact]
    [Trait(Semantics.Trait, "4d")]
    public async Task The_children_of_a_failed_actor_handle_no_message_until_its_supervisor_decides()
    {
        using var deciding = new ManualResetEventSlim();
        using var decide = new ManualResetEventSlim();
        var probe = NewProbe();
        Sys.EventStream.Subscribe(probe.Ref, typeof(DeadLetter));
        var grandparent = Sys.ActorOf(Recorder.Of(new Journal(), "G.", new OneForOneStrategy(_ =>
        {
            deciding.Set();
            decide.Wait(Deadline);
            return Directive.Stop;
        })));
        var parent = await Soon(grandparent.Ask<IActorRef>(new Spawn(Recorder.Of(new Journal(), "P."), "p")));
        var child = await Soon(parent.Ask<IActorRef>(new Spawn(Recorder.Of(new Journal(), "c."), "c")));

        parent.Tell(Fail.With("boom"));
        Assert.True(deciding.Wait(Deadline));
        child.Tell("queued");
        decide.Set();

        // Stopped with its parent, the child never came to it.
        var letter = await probe.Expect<DeadLetter>();
        Assert.Equal(("queued", child), (letter.Message, letter.Recipient));
    }

    private sealed class Waits : ReceiveActor
    {
        public Waits(Journal journal)
        {
            Receive<Spawn>(spawn => Sender.Tell(Context.ActorOf(spawn.Props, spawn.Name)));
            Receive<(ManualResetEventSlim Entered, ManualResetEventSlim Proceed)>(gates =>
            {
                gates.Entered.Set();
                gates.Proceed.Wait(Deadline);
            });
            Receive<string>(journal.Add);
        }
    }

    private sealed class FailsAtOnce(ManualResetEventSlim failing) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            failing.Set();
            throw new InvalidOperationException("boom");
        }
    }
}
