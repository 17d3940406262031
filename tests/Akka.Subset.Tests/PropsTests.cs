using Akka.Actor;
using Akka.Event;
using Akka.Subset.Tests.Support;
using Xunit;

namespace Akka.Subset.Tests;

public sealed class PropsTests : ActorTest
{
    [Fact]
    public async Task Every_way_to_make_an_actor_makes_it()
    {
        var text = "local";
        foreach (var (says, props) in new[]
        {
            ("constant", Props.Create(() => new Says("constant"))),
            ("local", Props.Create(() => new Says(text))),
            ("local!", Props.Create(() => new Says(text + "!"))),
            ("argument", Props.Create<Says>("argument")),
            ("type", Props.Create(typeof(Says), "type")),
            ("constructor", new Props(typeof(Says), ["constructor"])),
            ("produced", Props.CreateBy(new Producer())),
        })
        {
            Assert.Equal(says, await Soon(Sys.ActorOf(props).Ask<string>("?")));
        }

        Assert.Equal("default", await Soon(Sys.ActorOf<Says>().Ask<string>("?")));
    }

    [Fact]
    public void The_factory_must_be_a_new_expression() =>
        Assert.Throws<ArgumentException>(() => Props.Create(() => Make()));

    [Fact]
    public void The_class_must_be_an_actor() =>
        Assert.Throws<ArgumentException>(() => Props.Create(typeof(string)));

    [Fact]
    public void Props_are_equal_by_class_and_arguments()
    {
        Assert.Equal(Props.Create(() => new Says("a")), Props.Create<Says>("a"));
        Assert.NotEqual(Props.Create(() => new Says("a")), Props.Create<Says>("b"));
    }

    [Fact]
    public async Task An_actor_without_a_public_constructor_is_not_created()
    {
        var probe = NewProbe();
        Sys.EventStream.Subscribe(probe.Ref, typeof(Error));

        await Soon(Sys.ActorOf(Props.Create(() => new Hidden("a"))).WatchAsync());

        var error = await probe.Expect<Error>();
        Assert.IsType<ActorInitializationException>(error.Cause);
    }

    [Fact]
    public async Task An_actor_that_is_disposable_is_disposed_of_when_it_stops_and_when_it_restarts()
    {
        var disposed = new CountdownEvent(2);
        var actor = Sys.ActorOf(Props.Create(() => new HoldsResource(disposed)));

        actor.Tell("boom");
        actor.Tell(PoisonPill.Instance);

        Assert.True(disposed.Wait(Deadline));
        await Soon(actor.WatchAsync());
    }

    [Fact]
    public void A_system_name_is_checked() =>
        Assert.Throws<ArgumentException>(() => ActorSystem.Create("no spaces"));

    private static Says Make() => new("made");

    private sealed class Says : ReceiveActor
    {
        public Says()
            : this("default")
        {
        }

        public Says(string text) => ReceiveAny(_ => Sender.Tell(text));
    }

    private sealed class Hidden : ReceiveActor
    {
        internal Hidden(string text) => ReceiveAny(_ => Sender.Tell(text));
    }

    private sealed class Producer : IIndirectActorProducer
    {
        public Type ActorType => typeof(Says);

        public ActorBase Produce() => new Says("produced");

        public void Release(ActorBase actor)
        {
        }
    }

    private sealed class HoldsResource(CountdownEvent disposed) : UntypedActor, IDisposable
    {
        protected override void OnReceive(object message) => throw new InvalidOperationException("boom");

        public void Dispose() => disposed.Signal();
    }
}
