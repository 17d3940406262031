using Akka.Actor;
using Akka.Event;
using Akka.Subset.Tests.Support;
using Xunit;

namespace Akka.Subset.Tests;

/// <summary>Semantics 7: the stash.</summary>
public sealed class StashTests : ActorTest
{
    private readonly Journal _journal = new();

    [Fact]
    [Trait(Semantics.Trait, "7a")]
    public void UnstashAll_puts_the_messages_in_their_order_in_front_of_the_mailbox()
    {
        using var gate = new ManualResetEventSlim();
        var actor = NewStasher();

        foreach (var message in new object[] { gate, "stash 1", "stash 2", "open", "x" })
        {
            actor.Tell(message);
        }

        // All are in the mailbox when the first is handled.
        gate.Set();
        _journal.Expect("stash 1", "stash 2", "x");
    }

    [Fact]
    public void Unstash_returns_the_oldest_message_only()
    {
        var actor = NewStasher();

        foreach (var message in new[] { "stash 1", "stash 2", "open one", "x", "open" })
        {
            actor.Tell(message);
        }

        _journal.Expect("stash 1", "x", "stash 2");
    }

    [Fact]
    [Trait(Semantics.Trait, "7b")]
    public void A_restart_returns_the_stash_in_front_of_the_mailbox()
    {
        using var gate = new ManualResetEventSlim();
        var actor = NewStasher();

        foreach (var message in new object[] { gate, "stash 1", "stash 2", "fail open", "x" })
        {
            actor.Tell(message);
        }

        gate.Set();
        _journal.Expect("stash 1", "stash 2", "x");
    }

    [Fact]
    public async Task The_sender_of_a_stashed_message_is_kept()
    {
        var probe = NewProbe();
        var actor = NewStasher();

        actor.Tell("stash and reply", probe.Ref);
        actor.Tell("open", ActorRefs.NoSender);

        await probe.Expect("reply");
    }

    [Fact]
    [Trait(Semantics.Trait, "7c")]
    public async Task Stashing_a_message_twice_is_illegal()
    {
        var actor = Sys.ActorOf(Props.Create(() => new StashesTwice()));

        Assert.IsType<IllegalActorStateException>(await Soon(actor.Ask<object>("twice")));
    }

    [Fact]
    public async Task A_full_stash_refuses_the_message()
    {
        var actor = Sys.ActorOf(Props.Create(() => new FillsStash()).WithStashCapacity(2));

        actor.Tell("1");
        actor.Tell("2");

        Assert.IsType<StashOverflowException>(await Soon(actor.Ask<object>("3")));
    }

    [Fact]
    public async Task The_stash_of_an_actor_that_stops_becomes_dead_letters()
    {
        var probe = NewProbe();
        Sys.EventStream.Subscribe(probe.Ref, typeof(DeadLetter));
        var actor = NewStasher();
        actor.Tell("stash 1");
        actor.Tell("stash 2");

        actor.Tell(PoisonPill.Instance);

        Assert.Equal("stash 1", (await probe.Expect<DeadLetter>()).Message);
        Assert.Equal("stash 2", (await probe.Expect<DeadLetter>()).Message);
    }

    private IActorRef NewStasher()
    {
        var journal = _journal;
        return Sys.ActorOf(Props.Create(() => new Stasher(journal, new RestartTests.StrongBox())));
    }

    private sealed class Stasher(Journal journal, RestartTests.StrongBox restarts) : UntypedActor, IWithStash
    {
        private bool _open = restarts.Count > 0;

        public IStash Stash { get; set; } = null!;

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case ManualResetEventSlim gate:
                    gate.Wait(Deadline);
                    break;
                case "open":
                    _open = true;
                    Stash.UnstashAll();
                    break;
                case "open one":
                    Stash.Unstash();
                    Become(Opened);
                    break;
                case "fail open":
                    restarts.Count++;
                    throw new InvalidOperationException("boom");
                case string text when !_open && text.StartsWith("stash", StringComparison.Ordinal):
                    Stash.Stash();
                    break;
                case "stash and reply":
                    Sender.Tell("reply");
                    break;
                default:
                    journal.Add((string)message);
                    break;
            }
        }

        private void Opened(object message)
        {
            if (message is "open")
            {
                Stash.UnstashAll();
            }
            else
            {
                journal.Add((string)message);
            }
        }
    }

    private sealed class StashesTwice : UntypedActor, IWithUnboundedStash
    {
        public IStash Stash { get; set; } = null!;

        protected override void OnReceive(object message)
        {
            Stash.Stash();
            try
            {
                Stash.Stash();
                Sender.Tell("stashed twice");
            }
            catch (IllegalActorStateException e)
            {
                Sender.Tell(e);
            }
        }
    }

    private sealed class FillsStash : UntypedActor, IWithStash
    {
        public IStash Stash { get; set; } = null!;

        protected override void OnReceive(object message)
        {
            try
            {
                Stash.Stash();
            }
            catch (StashOverflowException e)
            {
                Sender.Tell(e);
            }
        }
    }
}
