using Akka.Actor;
using Akka.Event;
using Akka.Subset.Tests.Support;
using Xunit;

namespace Akka.Subset.Tests;

/// <summary>Semantics 5: death watch.</summary>
public sealed class DeathWatchTests : ActorTest
{
    [Fact]
    [Trait(Semantics.Trait, "5a")]
    public async Task A_watcher_is_told_once_however_often_it_watches()
    {
        var probe = NewProbe();
        var actor = Act((_, _) => { });
        await probe.Watch(actor);
        await probe.Watch(actor);

        await StopAndWait(actor);

        var terminated = await probe.ExpectTerminated(actor);
        Assert.True(terminated.ExistenceConfirmed);
        Assert.False(terminated.AddressTerminated);
        await probe.ExpectNothing();
    }

    [Fact]
    [Trait(Semantics.Trait, "5b")]
    public async Task Watching_a_dead_actor_tells_at_once_and_does_not_confirm_that_it_existed()
    {
        var probe = NewProbe();
        var actor = Act((_, _) => { });
        await StopAndWait(actor);

        await probe.Watch(actor);

        Assert.False((await probe.ExpectTerminated(actor)).ExistenceConfirmed);
    }

    [Fact]
    public async Task An_actor_can_be_watched_again_after_its_end()
    {
        var probe = NewProbe();
        var actor = Act((_, _) => { });
        await probe.Watch(actor);
        await StopAndWait(actor);
        await probe.ExpectTerminated(actor);

        await probe.Watch(actor);

        await probe.ExpectTerminated(actor);
    }

    [Fact]
    [Trait(Semantics.Trait, "5c")]
    public async Task WatchWith_sends_the_message_instead_of_Terminated()
    {
        var probe = NewProbe();
        var actor = Act((_, _) => { });
        var watcher = Act((context, message) =>
        {
            if (message is IActorRef subject)
            {
                context.WatchWith(subject, "it is dead");
                context.Sender.Tell("watching", context.Self);
            }
            else
            {
                probe.Ref.Tell(message, context.Sender);
            }
        });
        await Soon(watcher.Ask<string>(actor));

        Sys.Stop(actor);

        await probe.Expect("it is dead");
        Assert.Equal(actor, probe.Sender);
    }

    [Fact]
    public async Task Watching_with_another_message_is_refused_until_the_actor_is_unwatched()
    {
        var actor = Act((_, _) => { });
        var watcher = Act((context, message) =>
        {
            context.Watch(actor);
            object refused = "not refused";
            try
            {
                context.WatchWith(actor, "other");
            }
            catch (InvalidOperationException e)
            {
                refused = e;
            }

            context.Unwatch(actor);
            context.WatchWith(actor, "other");
            context.Sender.Tell(refused, context.Self);
        });

        Assert.IsType<InvalidOperationException>(await Soon(watcher.Ask<object>("go")));
    }

    [Fact]
    [Trait(Semantics.Trait, "5d")]
    public async Task An_actor_that_does_not_handle_Terminated_breaks_the_death_pact_and_is_stopped()
    {
        var probe = NewProbe();
        Sys.EventStream.Subscribe(probe.Ref, typeof(Error));
        var subject = Act((_, _) => { });
        var watcher = Sys.ActorOf(Props.Create(() => new WatchesSilently(subject)));
        await Soon(watcher.Ask<string>("watching?"));
        var end = watcher.WatchAsync();

        Sys.Stop(subject);

        Assert.True(await Soon(end));
        var pact = Assert.IsType<DeathPactException>((await probe.Expect<Error>()).Cause);
        Assert.Equal(subject, pact.DeadActor);
    }

    [Theory]
    [Trait(Semantics.Trait, "5e")]
    [InlineData(null)]
    [InlineData("it is dead")]
    public async Task Unwatch_takes_back_an_end_that_is_queued_already(string? told)
    {
        using var watching = new ManualResetEventSlim();
        using var proceed = new ManualResetEventSlim();
        var probe = NewProbe();
        var subject = Act((_, _) => { });
        var watcher = Act((context, message) =>
        {
            switch (message)
            {
                case "watch" when told is null:
                    context.Watch(subject);
                    watching.Set();
                    break;
                case "watch":
                    context.WatchWith(subject, told);
                    watching.Set();
                    break;
                case "block":
                    proceed.Wait(Deadline);
                    break;
                case "unwatch":
                    context.Unwatch(subject);
                    break;
                default:
                    probe.Ref.Tell(message, context.Self);
                    break;
            }
        });
        watcher.Tell("watch");
        Assert.True(watching.Wait(Deadline));
        watcher.Tell("block");
        watcher.Tell("unwatch");
        await StopAndWait(subject);
        proceed.Set();
        watcher.Tell("end");

        await probe.Expect("end");
    }

    [Fact]
    [Trait(Semantics.Trait, "5e")]
    public async Task Racing_unwatch_and_end_never_deliver_Terminated_after_the_unwatch()
    {
        const int rounds = 2000;
        var probe = NewProbe();
        var watcher = Act((context, message) =>
        {
            switch (message)
            {
                case IActorRef subject:
                    context.Watch(subject);
                    Sys.Stop(subject);
                    context.Unwatch(subject);
                    break;
                default:
                    probe.Ref.Tell(message, context.Self);
                    break;
            }
        });
        for (var i = 0; i < rounds; i++)
        {
            watcher.Tell(Act((_, _) => { }));
        }

        watcher.Tell("end");

        await probe.Expect("end");
        await probe.ExpectNothing();
    }

    [Fact]
    [Trait(Semantics.Trait, "5a")]
    public async Task Many_watchers_of_many_actors_are_each_told_once()
    {
        const int actors = 300;
        var probes = Enumerable.Range(0, 5).Select(_ => NewProbe()).ToList();
        var watched = Enumerable.Range(0, actors).Select(_ => Act((_, _) => { })).ToList();
        foreach (var probe in probes)
        {
            foreach (var actor in watched)
            {
                await probe.Watch(actor);
            }
        }

        Parallel.ForEach(watched, Sys.Stop);

        foreach (var probe in probes)
        {
            var ended = new HashSet<IActorRef>();
            for (var i = 0; i < actors; i++)
            {
                Assert.True(ended.Add((await probe.Expect<Terminated>()).ActorRef), "an end was told twice");
            }

            await probe.ExpectNothing();
        }
    }

    [Fact]
    public async Task WatchAsync_ends_with_the_actor_or_with_false_when_cancelled()
    {
        using var cancel = new CancellationTokenSource();
        var actor = Act((_, _) => { });
        var cancelled = actor.WatchAsync(cancel.Token);
        var whole = actor.WatchAsync();

        await cancel.CancelAsync();
        Assert.False(await Soon(cancelled));
        Sys.Stop(actor);

        Assert.True(await Soon(whole));
    }

    private sealed class WatchesSilently(IActorRef subject) : ReceiveActor
    {
        protected override void PreStart()
        {
            Context.Watch(subject);
            Become(() => Receive<string>(_ => Sender.Tell("yes")));
        }
    }
}
