using Akka.Actor;
using Akka.Event;
using Akka.Subset.Tests.Support;
using Xunit;

namespace Akka.Subset.Tests;

/// <summary>Semantics 11: the event stream, dead letters, unhandled messages, logs.</summary>
public sealed class EventStreamTests : ActorTest
{
    [Fact]
    [Trait(Semantics.Trait, "11a")]
    public async Task An_unhandled_message_is_published()
    {
        var probe = NewProbe();
        Sys.EventStream.Subscribe(probe.Ref, typeof(UnhandledMessage));
        var actor = Sys.ActorOf(Props.Create(() => new HandlesIntegers()));

        actor.Tell("text", probe.Ref);

        var unhandled = await probe.Expect<UnhandledMessage>();
        Assert.Equal(("text", probe.Ref, actor), (unhandled.Message, unhandled.Sender, unhandled.Recipient));
    }

    [Fact]
    [Trait(Semantics.Trait, "11b")]
    public async Task A_message_to_a_dead_actor_is_a_dead_letter()
    {
        var probe = NewProbe();
        Sys.EventStream.Subscribe(probe.Ref, typeof(DeadLetter));
        var actor = Act((_, _) => { });
        await StopAndWait(actor);

        actor.Tell("late", probe.Ref);

        var letter = await probe.Expect<DeadLetter>();
        Assert.Equal(("late", probe.Ref, actor), (letter.Message, letter.Sender, letter.Recipient));
    }

    [Fact]
    [Trait(Semantics.Trait, "11c")]
    public async Task A_message_that_may_come_late_is_a_suppressed_dead_letter()
    {
        var probe = NewProbe();
        Sys.EventStream.Subscribe(probe.Ref, typeof(AllDeadLetters));
        var actor = Act((_, _) => { });
        await StopAndWait(actor);

        actor.Tell(PoisonPill.Instance);
        actor.Tell(new Terminated(probe.Ref, existenceConfirmed: true, addressTerminated: false));
        actor.Tell(new MayComeLate());

        Assert.Same(PoisonPill.Instance, (await probe.Expect<SuppressedDeadLetter>()).Message);
        Assert.IsType<Terminated>((await probe.Expect<SuppressedDeadLetter>()).Message);
        Assert.IsType<MayComeLate>((await probe.Expect<SuppressedDeadLetter>()).Message);
    }

    [Fact]
    public async Task A_dead_letter_to_a_dead_subscriber_is_dropped()
    {
        var probe = NewProbe();
        Sys.EventStream.Subscribe(probe.Ref, typeof(DeadLetter));
        var dead = Act((_, _) => { });
        await StopAndWait(dead);

        // Behind the back of the actor that would end the subscription at once.
        dead.Tell(new DeadLetter("once", Sys.DeadLetters, dead), ActorRefs.NoSender);
        dead.Tell("end", ActorRefs.NoSender);

        Assert.Equal("end", (await probe.Expect<DeadLetter>()).Message);
    }

    [Fact]
    public async Task Every_message_to_an_actor_that_is_being_stopped_is_handled_or_a_dead_letter()
    {
        const int rounds = 50;
        const int messages = 400;
        for (var round = 0; round < rounds; round++)
        {
            var all = new CountdownEvent(messages);
            var letters = Act((_, _) => all.Signal());
            Sys.EventStream.Subscribe(letters, typeof(DeadLetter));
            var actor = Act((_, _) => all.Signal());

            await Soon(Task.WhenAll(
                Task.Run(() => SendHalf(actor)), Task.Run(() => SendHalf(actor)), Task.Run(() => Sys.Stop(actor))));

            Assert.True(all.Wait(Deadline), $"{all.CurrentCount} messages were lost in round {round}");
            Sys.EventStream.Unsubscribe(letters);
        }

        static void SendHalf(IActorRef actor)
        {
            for (var i = 0; i < messages / 2; i++)
            {
                actor.Tell(i, ActorRefs.NoSender);
            }
        }
    }

    [Fact]
    [Trait(Semantics.Trait, "11d")]
    public void Sending_null_is_refused() =>
        Assert.Throws<InvalidMessageException>(() => Act((_, _) => { }).Tell(null!, ActorRefs.NoSender));

    [Fact]
    [Trait(Semantics.Trait, "11e")]
    [Trait(Semantics.Trait, "11f")]
    public async Task A_subscriber_gets_every_event_of_the_type_or_below_it_once()
    {
        var probe = NewProbe();
        Assert.True(Sys.EventStream.Subscribe(probe.Ref, typeof(Exception)));
        Assert.False(Sys.EventStream.Subscribe(probe.Ref, typeof(Exception)));
        Assert.True(Sys.EventStream.Subscribe<IOException>(probe.Ref));

        Sys.EventStream.Publish("text");
        Sys.EventStream.Publish(new FileNotFoundException("file"));

        Assert.Equal("file", (await probe.Expect<FileNotFoundException>()).Message);
        await probe.ExpectNothing();
    }

    [Fact]
    public async Task An_unsubscribed_actor_gets_nothing()
    {
        var probe = NewProbe();
        Sys.EventStream.Subscribe(probe.Ref, typeof(string));
        Sys.EventStream.Subscribe(probe.Ref, typeof(Exception));

        Assert.True(Sys.EventStream.Unsubscribe(probe.Ref, typeof(string)));
        Assert.False(Sys.EventStream.Unsubscribe(probe.Ref, typeof(string)));
        Sys.EventStream.Publish("text");
        Assert.True(Sys.EventStream.Unsubscribe(probe.Ref));
        Assert.False(Sys.EventStream.Unsubscribe(probe.Ref));
        Sys.EventStream.Publish(new IOException());

        await probe.ExpectNothing();
    }

    [Fact]
    public async Task The_subscriptions_of_an_actor_end_with_it()
    {
        var actor = Act((_, _) => { });
        Sys.EventStream.Subscribe(actor, typeof(string));

        await StopAndWait(actor);

        Assert.True(
            SpinWait.SpinUntil(() => !Sys.EventStream.HasSubscriptions(actor), Deadline), "still subscribed");
    }

    [Fact]
    public async Task A_log_event_carries_level_source_cause_and_text()
    {
        var probe = NewProbe();
        Sys.EventStream.Subscribe(probe.Ref, typeof(Warning));
        var actor = Act((context, _) =>
            context.GetLogger().Warning(new IOException("cause"), "{0} of {1}", 1, "two"));

        actor.Tell("log");

        var warning = await probe.Expect<Warning>();
        Assert.Equal("1 of two", warning.Message.ToString());
        Assert.Equal(actor.ToString(), warning.LogSource);
        Assert.Equal("cause", warning.Cause!.Message);
        Assert.Equal(LogLevel.WarningLevel, warning.LogLevel());
    }

    [Fact]
    public async Task Events_below_the_level_are_not_published()
    {
        var probe = NewProbe();
        Sys.EventStream.Subscribe(probe.Ref, typeof(LogEvent));
        Sys.EventStream.SetLogLevel(LogLevel.ErrorLevel);
        var log = Logging.GetLogger(Sys, "test");

        log.Warning("not this");
        log.Error("this {0}", "one");

        Assert.Equal("this one", (await probe.Expect<Error>()).Message.ToString());
        Assert.False(log.IsWarningEnabled);
    }

    [Fact]
    [Trait(Semantics.Trait, "11e")]
    public async Task A_subscriber_to_an_interface_gets_every_event_that_has_it()
    {
        var probe = NewProbe();
        Sys.EventStream.Subscribe<IDeadLetterSuppression>(probe.Ref);

        Sys.EventStream.Publish("text");
        Sys.EventStream.Publish(new MayComeLate());

        await probe.Expect<MayComeLate>();
    }

    private sealed record MayComeLate : IDeadLetterSuppression;

    private sealed class HandlesIntegers : ReceiveActor
    {
        public HandlesIntegers() => Receive<int>(_ => { });
    }
}
