using Akka.Actor;
using Akka.Subset.Tests.Support;
using Xunit;

namespace Akka.Subset.Tests;

/// <summary>§9.10: names, paths and incarnations.</summary>
public sealed class NameTests : ActorTest
{
    [Fact]
    public void A_name_in_use_is_refused()
    {
        Act((_, _) => { }, "x");

        var refused = Assert.Throws<InvalidActorNameException>(() => Act((_, _) => { }, "x"));

        Assert.Equal("Actor name \"x\" is not unique!", refused.Message);
    }

    [Fact]
    public async Task A_name_is_free_again_when_a_watcher_has_been_told_of_the_end()
    {
        for (var i = 0; i < 200; i++)
        {
            await StopAndWait(Act((_, _) => { }, "again"));
        }
    }

    [Theory]
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
    public void An_actor_without_a_name_gets_one_that_starts_with_a_dollar()
    {
        var names = Enumerable.Range(0, 200).Select(_ => Act((_, _) => { }).Path.Name).ToList();

        Assert.All(names, name => Assert.StartsWith("$", name, StringComparison.Ordinal));
        Assert.Equal(names.Count, names.Distinct().Count());
    }

    [Fact]
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
}
