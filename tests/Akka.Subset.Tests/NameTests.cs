using Akka.Actor;
using Akka.Subset.Tests.Support;
using Xunit;

namespace Akka.Subset.Tests;

/// <summary>Semantics 10: names, paths and incarnations.</summary>
public sealed class NameTests : ActorTest
{
    [Fact]
    [Trait(Semantics.Trait, "10a")]
    public void A_name_in_use_is_refused()
    {
        Act((_, _) => { }, "x");

        var refused = Assert.Throws<InvalidActorNameException>(() => Act((_, _) => { }, "x"));

        Assert.Equal("Actor name \"x\" is not unique!", refused.Message);
    }

    [Fact]
    [Trait(Semantics.Trait, "10a")]
    public async Task A_name_stays_in_use_until_its_actor_has_ended()
    {
        using var stopping = new ManualResetEventSlim();
        using var proceed = new ManualResetEventSlim();
        var actor = Sys.ActorOf(Props.Create(() => new StopsSlowly(stopping, proceed)), "x");
        var end = actor.WatchAsync();

        Sys.Stop(actor);
        Assert.True(stopping.Wait(Deadline));
        Assert.Throws<InvalidActorNameException>(() => Act((_, _) => { }, "x"));
        proceed.Set();
        await Soon(end);

        Act((_, _) => { }, "x");
    }

    [Fact]
    [Trait(Semantics.Trait, "10a")]
    public async Task Actors_that_are_no_siblings_may_have_the_same_name()
    {
        var parent = Act((context, _) => context.Sender.Tell(context.ActorOf(Props.Empty, "x"), context.Self), "x");

        Assert.Equal("akka://test/user/x/x", (await Soon(parent.Ask<IActorRef>("go"))).Path.ToString());
    }

    [Fact]
    [Trait(Semantics.Trait, "10a")]
    public async Task A_name_is_free_again_when_a_watcher_has_been_told_of_the_end()
    {
        for (var i = 0; i < 200; i++)
        {
            await StopAndWait(Act((_, _) => { }, "again"));
        }
    }

    [Theory]
    [Trait(Semantics.Trait, "10b")]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("$a")]
    [InlineData("a b")]
    [InlineData("ä")]
    [InlineData("a%zz")]
    public void An_illegal_name_is_refused(string name) =>
        Assert.Throws<InvalidActorNameException>(() => Act((_, _) => { }, name));

    [Theory]
    [InlineData("a-b_c.d*$+:@&=,!~';()")]
    [InlineData("a%20b")]
    public void A_legal_name_is_taken(string name) => Assert.Equal(name, Act((_, _) => { }, name).Path.Name);

    [Fact]
    [Trait(Semantics.Trait, "10b")]
    public void An_actor_without_a_name_gets_one_that_starts_with_a_dollar()
    {
        var names = Enumerable.Range(0, 200).Select(_ => Act((_, _) => { }).Path.Name).ToList();

        Assert.All(names, name => Assert.StartsWith("$", name, StringComparison.Ordinal));
        Assert.Equal(names.Count, names.Distinct().Count());
    }

    [Fact]
    [Trait(Semantics.Trait, "10c")]
    public async Task A_new_incarnation_has_the_path_but_is_another_actor()
    {
        var first = Act((_, _) => { }, "x");
        await StopAndWait(first);

        var second = Act((_, _) => { }, "x");

        Assert.Equal(first.Path, second.Path);
        Assert.NotEqual(first.Path.Uid, second.Path.Uid);
        Assert.NotEqual(first, second);
    }

    [Fact]
    [Trait(Semantics.Trait, "10d")]
    public void A_path_prints_without_and_a_reference_with_the_incarnation()
    {
        var actor = Act((_, _) => { }, "x");

        Assert.Equal("akka://test/user/x", actor.Path.ToString());
        Assert.Equal("/user/x", actor.Path.ToStringWithoutAddress());
        Assert.Equal($"akka://test/user/x#{actor.Path.Uid}", actor.Path.ToSerializationFormat());
        Assert.Equal($"[akka://test/user/x#{actor.Path.Uid}]", actor.ToString());
        Assert.Equal(["user", "x"], actor.Path.Elements);
        Assert.Equal(2, actor.Path.Depth);
    }

    [Fact]
    public void A_printed_path_can_be_parsed()
    {
        var actor = Act((_, _) => { }, "x");

        var path = ActorPath.Parse(actor.Path.ToSerializationFormat());

        Assert.Equal(actor.Path, path);
        Assert.Equal(actor.Path.Uid, path.Uid);
        Assert.Equal(actor, ((ExtendedActorSystem)Sys).Provider.ResolveActorRef(path));
    }

    [Theory]
    [InlineData("akka://sys", "akka", "sys", null, null)]
    [InlineData("akka.tcp://sys@host:25", "akka.tcp", "sys", "host", 25)]
    public void An_address_is_parsed_and_printed(
        string text, string protocol, string system, string? host, int? port)
    {
        var address = Address.Parse(text);

        Assert.Equal(new Address(protocol, system, host, port), address);
        Assert.Equal(text, address.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("sys")]
    [InlineData("akka://")]
    [InlineData("akka://sys@host")]
    [InlineData("akka://sys@host:99999")]
    public void A_malformed_address_is_refused(string text) =>
        Assert.Throws<UriFormatException>(() => Address.Parse(text));

    [Fact]
    public async Task A_context_finds_its_children_by_name()
    {
        var parent = Act((context, message) =>
        {
            var child = context.ActorOf(Props.Empty, "c");
            context.Sender.Tell(
                (context.Child("c").Equals(child), context.Child("d").IsNobody(), context.GetChildren().Count()),
                context.Self);
        });

        Assert.Equal((true, true, 1), await Soon(parent.Ask<(bool, bool, int)>("go")));
    }

    private sealed class StopsSlowly(ManualResetEventSlim stopping, ManualResetEventSlim proceed) : UntypedActor
    {
        protected override void OnReceive(object message) => Unhandled(message);

        protected override void PostStop()
        {
            stopping.Set();
            proceed.Wait(Deadline);
        }
    }
}
