using Akka.Actor;
using Akka.Subset.Tests.Support;
using Xunit;

namespace Akka.Subset.Tests;

/// <summary>Semantics 15: what exists inside actors only.</summary>
public sealed class ContextTests : ActorTest
{
    [Fact]
    [Trait(Semantics.Trait, "15a")]
    public void Context_outside_of_an_actor_is_not_supported() =>
        Assert.Throws<NotSupportedException>(ShowsContext.Show);

    [Fact]
    [Trait(Semantics.Trait, "15b")]
    public void An_actor_cannot_be_made_with_new() =>
        Assert.Throws<ActorInitializationException>(() => new ShowsContext());

    [Fact]
    [Trait(Semantics.Trait, "15a")]
    public async Task Context_on_another_thread_is_not_supported()
    {
        var actor = Act((context, _) => Task.Run(() =>
        {
            ShowsContext.Show();
            return "shown";
        }).PipeTo(context.Sender));

        await Assert.ThrowsAsync<NotSupportedException>(() => Soon(actor.Ask<string>("show")));
    }

    [Fact]
    public async Task Tell_inside_an_actor_has_that_actor_as_sender_and_Forward_the_sender_before()
    {
        var probe = NewProbe();
        var actor = Act((_, message) =>
        {
            probe.Ref.Tell(message);
            probe.Ref.Forward(message);
        });

        actor.Tell("x", Sys.IgnoreRef);

        await probe.Expect("x");
        Assert.Equal(actor, probe.Sender);
        await probe.Expect("x");
        Assert.Equal(Sys.IgnoreRef, probe.Sender);
    }

    [Fact]
    public async Task A_message_without_a_sender_has_dead_letters_as_sender()
    {
        var probe = NewProbe();
        var actor = Act((context, _) => probe.Ref.Tell(context.Sender, context.Self));

        actor.Tell("x");

        await probe.Expect(Sys.DeadLetters);
    }

    [Fact]
    public async Task The_context_knows_system_parent_and_props()
    {
        var actor = Act((context, _) => context.Sender.Tell(
            (context.System, context.Parent.Path.ToString(), context.Props.Type), context.Self));

        var (system, parent, type) = await Soon(actor.Ask<(ActorSystem, string, Type)>("?"));

        Assert.Same(Sys, system);
        Assert.Equal("akka://test/user", parent);
        Assert.Equal(typeof(LambdaActor), type);
    }

    private sealed class ShowsContext : UntypedActor
    {
        public static void Show() => _ = Context.Self;

        protected override void OnReceive(object message) => Unhandled(message);
    }
}
