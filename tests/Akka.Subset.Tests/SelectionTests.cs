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

    [Theory]
    [InlineData("c1", "c1")]
    [InlineData("c1/../c2", "c2")]
    [InlineData("../parent/c2", "c2")]
    [InlineData("*", "c1 c2")]
    [InlineData("c?", "c1 c2")]
    [InlineData("../*/*2", "c2")]
    [InlineData("../*", "parent")]
    [InlineData("c1/*", "")]
    [InlineData("d*", "")]
    public async Task A_path_is_relative_to_the_actor_that_selects(string path, string names)
    {
        var probe = NewProbe();
        var parent = Act(
            (context, message) =>
            {
                if (message is "create")
                {
                    context.ActorOf(Props.Empty, "c1");
                    context.ActorOf(Props.Empty, "c2");
                    context.Sender.Tell("created", context.Self);
                    return;
                }

                context.ActorSelection(path).Tell(new Identify("id"), probe.Ref);
                probe.Ref.Tell("asked", context.Self);
            },
            "parent");
        await Soon(parent.Ask<string>("create"));

        parent.Tell("select", ActorRefs.NoSender);

        var found = new List<string>();
        if (names.Length == 0)
        {
            // Nobody fits: the answer says so at once.
            Assert.Null((await probe.Expect<ActorIdentity>()).Subject);
            await probe.Expect("asked");
            return;
        }

        for (var i = 0; i <= names.Split(' ').Length; i++)
        {
            if (await probe.Expect<object>() is ActorIdentity { Subject: { } subject })
            {
                found.Add(subject.Path.Name);
            }
        }

        Assert.Equal(names.Split(' '), found.Order());
    }

    [Fact]
    public async Task Nobody_is_identified_where_nobody_is()
    {
        var identity = await Soon(Sys.ActorSelection("/user/nobody").Ask<ActorIdentity>(new Identify(7)));

        Assert.Equal(7, identity.MessageId);
        Assert.Null(identity.Subject);
    }

    [Fact]
    public async Task An_actor_is_the_anchor_of_a_path()
    {
        var (anchor, other) = (Act((_, _) => { }, "anchor"), Act((_, _) => { }, "other"));

        Assert.Equal(other, await Soon(new ActorSelection(anchor, "../other").ResolveOne(Deadline)));
        Assert.Equal(other, await Soon(Sys.ActorSelection(anchor, "../other").ResolveOne(Deadline)));
        Assert.Equal(new ActorSelection(anchor, "../other"), new ActorSelection(anchor, ["..", "other"]));
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

        Sys.ActorSelection("/user/Worker-?").Tell("go");

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
    public async Task A_wildcard_that_fits_nobody_is_a_dead_letter_unless_another_fits_several()
    {
        var probe = NewProbe();
        Sys.EventStream.Subscribe(probe.Ref, typeof(DeadLetter));
        Act((_, _) => { }, "a");
        Act((_, _) => { }, "b");

        Sys.ActorSelection("/user/*/nobody").Tell("on one of several ways");
        Sys.ActorSelection("/user/a/*").Tell("on the only way");

        Assert.Equal("on the only way", (await probe.Expect<DeadLetter>()).Message);
    }

    [Fact]
    public async Task An_actor_identifies_itself()
    {
        var actor = Act((_, _) => { });

        Assert.Equal(new ActorIdentity(7, actor), await Soon(actor.Ask<ActorIdentity>(new Identify(7))));
    }
}
