using Akka.Actor;
using Akka.Subset.Tests.Support;
using Xunit;

namespace Akka.Subset.Tests;

/// <summary>Semantics 9: behaviours, and the choice of handlers.</summary>
public sealed class BecomeTests : ActorTest
{
    [Fact]
    [Trait(Semantics.Trait, "9a")]
    [Trait(Semantics.Trait, "9b")]
    public async Task Stacked_behaviours_come_off_one_by_one_and_the_last_stays()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Stacks()));

        Assert.Equal("bottom", await Ask(actor, "which"));
        actor.Tell("push");
        Assert.Equal("top", await Ask(actor, "which"));
        actor.Tell("pop");
        Assert.Equal("bottom", await Ask(actor, "which"));
        actor.Tell("pop");
        actor.Tell("pop");
        Assert.Equal("bottom", await Ask(actor, "which"));
    }

    [Fact]
    [Trait(Semantics.Trait, "9a")]
    public async Task Become_replaces_the_behaviour()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Stacks()));

        actor.Tell("replace");
        Assert.Equal("top", await Ask(actor, "which"));
        actor.Tell("pop");

        Assert.Equal("top", await Ask(actor, "which"));
    }

    [Fact]
    [Trait(Semantics.Trait, "9c")]
    public async Task A_restart_returns_to_the_first_behaviour()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Stacks()));
        actor.Tell("push");
        actor.Tell("push");

        actor.Tell("fail");
        Assert.Equal("bottom", await Ask(actor, "which"));
        actor.Tell("pop");

        Assert.Equal("bottom", await Ask(actor, "which"));
    }

    [Fact]
    public async Task The_first_handler_that_matches_is_called()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Chooses()));

        Assert.Equal("small 1", await Soon(actor.Ask<string>(1)));
        Assert.Equal("even 12", await Soon(actor.Ask<string>(12)));
        Assert.Equal("int 13", await Soon(actor.Ask<string>(13)));
        Assert.Equal("exception boom", await Soon(actor.Ask<string>(new IOException("boom"))));
        Assert.Equal("typed x", await Soon(actor.Ask<string>("x")));
        Assert.Equal("any 2.5", await Soon(actor.Ask<string>(2.5)));
        Assert.Equal("small 2", await Soon(actor.Ask<string>(2)));
    }

    [Fact]
    public async Task A_handler_behind_one_that_takes_everything_is_refused()
    {
        var probe = NewProbe();
        var actor = Sys.ActorOf(Props.Create(() => new DeclaresBehindAny()));

        await probe.Watch(actor);

        await probe.ExpectTerminated(actor);
    }

    private Task<string> Ask(IActorRef actor, string message) => Soon(actor.Ask<string>(message));

    private sealed class Stacks : ReceiveActor
    {
        public Stacks() => Bottom();

        private void Bottom()
        {
            Common("bottom");
            Receive<string>(message => message == "push", _ => BecomeStacked(Top));
            Receive<string>(message => message == "replace", _ => Become(Top));
        }

        private void Top()
        {
            Common("top");
            Receive<string>(message => message == "push", _ => BecomeStacked(Top));
        }

        private void Common(string name)
        {
            Receive<string>(message => message == "which", _ => Sender.Tell(name));
            Receive<string>(message => message == "pop", _ => UnbecomeStacked());
            Receive<string>(message => message == "fail", _ => throw new InvalidOperationException("boom"));
        }
    }

    private sealed class Chooses : ReceiveActor
    {
        public Chooses()
        {
            Receive<int>(number => Sender.Tell($"small {number}"), number => number < 10);
            Receive<int>(number =>
            {
                if (number % 2 != 0)
                {
                    return false;
                }

                Sender.Tell($"even {number}");
                return true;
            });
            Receive<int>(number => Sender.Tell($"int {number}"));
            Receive<Exception>(exception => Sender.Tell($"exception {exception.Message}"));
            Receive(typeof(string), text => Sender.Tell($"typed {text}"));
            ReceiveAny(message => Sender.Tell(FormattableString.Invariant($"any {message}")));
        }
    }

    private sealed class DeclaresBehindAny : ReceiveActor
    {
        public DeclaresBehindAny()
        {
            ReceiveAny(_ => { });
            Receive<string>(_ => { });
        }
    }
}
