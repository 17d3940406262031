using Akka.Actor;
using Akka.Subset.Tests.Support;
using Xunit;

namespace Akka.Subset.Tests;

/// <summary>§9.4: system messages overtake the mailbox and reach a suspended actor.</summary>
public sealed class SystemMessageTests : ActorTest
{
    [Fact]
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
    public async Task A_suspended_actor_can_be_stopped()
    {
        using var deciding = new ManualResetEventSlim();
        using var decide = new ManualResetEventSlim();
        var probe = NewProbe();
        var parent = Sys.ActorOf(Recorder.Of(new Journal(), "P.", new OneForOneStrategy(_ =>
        {
            deciding.Set();
            decide.Wait(Deadline);
            return Directive.Resume;
        })));
        var child = await Soon(parent.Ask<IActorRef>(new Spawn(Recorder.Of(new Journal()), "c")));
        await probe.Watch(child);

        child.Tell(Fail.With("boom"));
        Assert.True(deciding.Wait(Deadline));
        Sys.Stop(child);

        await probe.ExpectTerminated(child);
        decide.Set();
    }
}
