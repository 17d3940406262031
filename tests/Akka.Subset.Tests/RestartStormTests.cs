using Akka.Actor;
using Akka.Subset.Tests.Support;
using Xunit;

namespace Akka.Subset.Tests;

/// <summary>Semantics 2 under load: hundreds of actors that fail all the time while others send to them.</summary>
public sealed class RestartStormTests : ActorTest
{
    private const int Actors = 400;
    private const int Senders = 4;
    private const int Messages = 50;

    // Each sender makes each actor fail at every fifth of its messages.
    private const int Failures = Senders * Messages / 5;

    private sealed record Numbered(int Sender, int Number)
    {
        // Not at the last: an actor that has received all must not have a restart before it.
        public bool Fails => Number % 5 == 0;
    }

    [Fact]
    [Trait(Semantics.Trait, "1a")]
    [Trait(Semantics.Trait, "2b")]
    [Trait(Semantics.Trait, "2c")]
    [Trait(Semantics.Trait, "2f")]
    public async Task A_storm_of_restarts_loses_no_message_and_runs_the_hooks_of_each_in_order()
    {
        using var left = new CountdownEvent(Actors);
        var lives = Enumerable.Range(0, Actors).Select(_ => new Life(left)).ToArray();
        var parent = Sys.ActorOf(Props.Create(() => new Parent(lives)));
        var actors = await Soon(parent.Ask<IActorRef[]>("children"));

        await Soon(Task.WhenAll(Enumerable.Range(0, Senders).Select(sender => Task.Run(() => Send(sender, actors)))));
        Assert.True(left.Wait(Deadline), $"{left.CurrentCount} actors did not get all messages");
        await Soon(Sys.Terminate());

        Assert.All(lives, life =>
        {
            Assert.Null(life.Mistake);
            Assert.Equal(Enumerable.Repeat(Messages, Senders), life.Next);
            Assert.Equal(Failures, life.Restarts);
            Assert.Equal("PostStop", life.Last);
            Assert.Equal((Failures + 1, Failures + 1), (life.ChildrenStarted, life.ChildrenStopped));
        });
    }

    private static void Send(int sender, IActorRef[] actors)
    {
        for (var number = 0; number < Messages; number++)
        {
            var message = new Numbered(sender, number);
            foreach (var actor in actors)
            {
                actor.Tell(message, ActorRefs.NoSender);
            }
        }
    }

    /// <summary>What the instances of one actor have gone through, one after another.</summary>
    private sealed class Life(CountdownEvent left)
    {
        private int _received;

        public int[] Next { get; } = new int[Senders];

        public int Restarts { get; private set; }

        public int ChildrenStarted { get; set; }

        public int ChildrenStopped { get; set; }

        public string Last { get; private set; } = "";

        public string? Mistake { get; private set; }

        public void Enter(string hook)
        {
            var order = (Last, hook) switch
            {
                ("", "ctor") or ("ctor", "PreStart" or "PostRestart") or ("PostRestart", "PreStart") => true,
                ("PreStart", "PreRestart" or "PostStop") or ("PreRestart", "PostStop") => true,
                ("PostStop", "ctor") => ChildrenStarted == ChildrenStopped,
                _ => false,
            };
            if (!order)
            {
                Mistake ??= $"{hook} after {Last} with {ChildrenStarted - ChildrenStopped} children";
            }

            Restarts += hook == "PostRestart" ? 1 : 0;
            Last = hook;
        }

        public void Receive(Numbered message)
        {
            if (Next[message.Sender]++ != message.Number)
            {
                Mistake ??= $"{message} came when {Next[message.Sender] - 1} was to come";
            }

            if (++_received == Senders * Messages)
            {
                left.Signal();
            }
        }
    }

    private sealed class Parent(Life[] lives) : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(lives
            .Select(life => Context.ActorOf(Props.Create(() => new Failing(life)))).ToArray());
    }

    private sealed class Failing : UntypedActor
    {
        private readonly Life _life;

        public Failing(Life life)
        {
            _life = life;
            life.Enter("ctor");
        }

        protected override void OnReceive(object message)
        {
            var numbered = (Numbered)message;
            _life.Receive(numbered);
            if (numbered.Fails)
            {
                throw new InvalidOperationException("storm");
            }
        }

        protected override void PreStart()
        {
            _life.Enter("PreStart");
            var life = _life;
            Context.ActorOf(Props.Create(() => new Child(life)), "child");
        }

        protected override void PostStop()
        {
            _life.Enter("PostStop");
            base.PostStop();
        }

        protected override void PreRestart(Exception reason, object? message)
        {
            _life.Enter("PreRestart");
            base.PreRestart(reason, message);
        }

        protected override void PostRestart(Exception reason)
        {
            _life.Enter("PostRestart");
            base.PostRestart(reason);
        }
    }

    // Its life is its parent's business only when it has ended: the two never write at the same time.
    private sealed class Child(Life life) : UntypedActor
    {
        protected override void PreStart() => life.ChildrenStarted++;

        protected override void OnReceive(object message) => Unhandled(message);

        protected override void PostStop() => life.ChildrenStopped++;
    }
}
