using Akka.Actor;
using Akka.Event;
using Akka.Subset.Tests.Support;
using Xunit;

namespace Akka.Subset.Tests;

public sealed class SelectionTests : ActorTest
{
    [Theory]
    [InlineData("/user/a")]
    [InlineData("akka://test/user/a")]
    [InlineData("/user/b/../a")]
    [InlineData("/*/a")]
    public async Task A_path_finds_the_actor(string path)
    {
        var actor = Act((_, _) => { }, "a");
        Act((_, _) => { }, "b");

        Assert.Equal(actor, await Soon(Sys.ActorSelection(path).ResolveOne(Deadline)));
    }

    [Fact]
    public async Task A_context_selects_relative_to_its_actor()
    {
        var sibling = Act((_, _) => { }, "sibling");
        var actor = Act((context, message) =>
            context.ActorSelection((string)message).Tell(new Identify("id"), context.Sender));

        var identity = await Soon(actor.Ask<ActorIdentity>("../sibling"));

        Assert.Equal(sibling, identity.Subject);
        Assert.Equal("id", identity.MessageId);
    }

    [Fact]
    public async Task A_wildcard_reaches_all_children_that_fit()
    {
        var probe = NewProbe();
        for (var i = 0; i < 3; i++)
        {
            Act((context, message) => probe.Ref.Tell((context.Self.Path.Name, message), context.Self), $"worker-{i}");
        }

        Act((_, _) => probe.Ref.Tell("wrong one"), "boss");

        Sys.ActorSelection("/user/worker-?").Tell("go");

        var names = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            names.Add((await probe.Expect<(string, object)>()).Item1);
        }

        Assert.Equal(["worker-0", "worker-1", "worker-2"], names.Order());
        await probe.ExpectNothing();
    }

    [Fact]
    public async Task A_path_without_an_actor_is_not_found_and_messages_to_it_are_dead_letters()
    {
        var probe = NewProbe();
        Sys.EventStream.Subscribe(probe.Ref, typeof(DeadLetter));

        await Assert.ThrowsAsync<ActorNotFoundException>(
            () => Soon(Sys.ActorSelection("/user/nobody").ResolveOne(Deadline)));
        Sys.ActorSelection("/user/nobody").Tell("lost");

        var letter = await probe.Expect<DeadLetter>();
        Assert.Equal("lost", letter.Message);
        Assert.Equal("akka://test/user/nobody", letter.Recipient.Path.ToString());
    }

    [Fact]
    public async Task An_actor_identifies_itself()
    {
        var actor = Act((_, _) => { });

        Assert.Equal(new ActorIdentity(7, actor), await Soon(actor.Ask<ActorIdentity>(new Identify(7))));
    }
}
