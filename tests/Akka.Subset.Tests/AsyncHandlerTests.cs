using Akka.Actor;
using Akka.Subset.Tests.Support;
using Xunit;

namespace Akka.Subset.Tests;

/// <summary>Semantics 8: asynchronous handlers.</summary>
public sealed class AsyncHandlerTests : ActorTest
{
    private readonly Journal _journal = new();

    [Fact]
    [Trait(Semantics.Trait, "8a")]
    public void The_next_message_waits_until_the_handler_has_ended()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var actor = NewAwaiter(gate.Task);

        actor.Tell("await");
        _journal.WaitFor("before");
        actor.Tell("next");
        gate.SetResult();

        _journal.Expect("before", "after", "next");
    }

    [Fact]
    [Trait(Semantics.Trait, "8b")]
    public async Task Sender_Self_and_Context_are_kept_after_an_await()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var actor = NewAwaiter(gate.Task);

        var answer = actor.Ask<IActorRef>("await and reply");
        gate.SetResult();

        Assert.Equal(actor, await Soon(answer));
    }

    [Fact]
    [Trait(Semantics.Trait, "8b")]
    public async Task The_sender_of_an_interleaved_failure_of_a_child_does_not_replace_the_awaiting_one()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var actor = NewAwaiter(gate.Task);
        var child = await Soon(actor.Ask<IActorRef>(new Spawn(Recorder.Of(_journal, "c."), "c")));

        var answer = actor.Ask<IActorRef>("await and reply");
        child.Tell(Fail.With("boom"));
        _journal.WaitFor("c.PostRestart");
        gate.SetResult();

        Assert.Equal(actor, await Soon(answer));
    }

    [Fact]
    [Trait(Semantics.Trait, "8c")]
    public void An_exception_before_and_after_an_await_goes_to_the_supervisor()
    {
        var actor = NewAwaiter(Task.CompletedTask);

        actor.Tell("fail at once");
        actor.Tell("fail later");
        actor.Tell("next");

        _journal.Expect("PreRestart(at once)", "PreRestart(later)", "next");
    }

    [Fact]
    public async Task An_actor_is_stopped_after_its_handler_has_ended()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var actor = NewAwaiter(gate.Task);
        var end = actor.WatchAsync();
        actor.Tell("await");
        _journal.WaitFor("before");

        Sys.Stop(actor);
        gate.SetResult();

        Assert.True(await Soon(end));
        _journal.Expect("before", "after", "PostStop");
    }

    [Fact]
    public async Task A_chain_of_many_awaits_stays_inside_the_actor()
    {
        var actor = Sys.ActorOf(Props.Create(() => new AwaitsOften()));

        Assert.Equal(200, await Soon(actor.Ask<int>("count")));
        Assert.Equal(400, await Soon(actor.Ask<int>("count")));
    }

    [Fact]
    [Trait(Semantics.Trait, "8a")]
    public async Task ReceiveAnyAsync_and_RunTask_suspend_the_mailbox_too()
    {
        var actor = Sys.ActorOf(Props.Create(() => new RunsTasks()));

        Assert.Equal("any", await Soon(actor.Ask<string>("any")));
        Assert.Equal("untyped", await Soon(
            Sys.ActorOf(Props.Create(() => new RunsUntypedTask())).Ask<string>("untyped")));
    }

    [Fact]
    public async Task A_handler_that_awaits_an_answer_of_another_actor_is_not_blocked_by_it()
    {
        var echo = Act((context, message) => context.Sender.Tell(message, context.Self));
        var actor = Sys.ActorOf(Props.Create(() => new AsksInside(echo)));

        Assert.Equal("ping", await Soon(actor.Ask<string>("ping")));
    }

    private IActorRef NewAwaiter(Task gate)
    {
        var journal = _journal;
        return Sys.ActorOf(Props.Create(() => new Awaiter(journal, gate)));
    }

    private sealed class Awaiter : ReceiveActor
    {
        private readonly Journal _journal;

        public Awaiter(Journal journal, Task gate)
        {
            _journal = journal;
            Receive<Spawn>(spawn => Sender.Tell(Context.ActorOf(spawn.Props, spawn.Name)));
            ReceiveAsync<string>(
                async _ =>
                {
                    journal.Add("before");
                    await gate;
                    journal.Add("after");
                },
                message => message == "await");
            ReceiveAsync<string>(message => message == "await and reply", async _ =>
            {
                await gate;
                Sender.Tell(Context.Self);
            });
            ReceiveAsync<string>(
                _ => throw new InvalidOperationException("at once"), message => message == "fail at once");
            ReceiveAsync<string>(
                async _ =>
                {
                    await Task.Yield();
                    throw new InvalidOperationException("later");
                },
                message => message == "fail later");
            ReceiveAny(message => journal.Add((string)message));
        }

        protected override void PreRestart(Exception reason, object? message) =>
            _journal.Add($"PreRestart({reason.Message})");

        protected override void PostStop() => _journal.Add("PostStop");
    }

    private sealed class AwaitsOften : ReceiveActor
    {
        private int _count;

        public AwaitsOften() => ReceiveAsync<string>(async _ =>
        {
            for (var i = 0; i < 200; i++)
            {
                await Task.Yield();
                _count++;
                Assert.Same(Self, Context.Self);
            }

            Sender.Tell(_count);
        });
    }

    private sealed class RunsTasks : ReceiveActor
    {
        public RunsTasks() => ReceiveAnyAsync(async message =>
        {
            await Task.Yield();
            Sender.Tell(message);
        });
    }

    private sealed class RunsUntypedTask : UntypedActor
    {
        protected override void OnReceive(object message) => RunTask(async () =>
        {
            await Task.Yield();
            Sender.Tell(message);
        });
    }

    private sealed class AsksInside : ReceiveActor
    {
        public AsksInside(IActorRef echo) => ReceiveAsync<string>(async message =>
        {
            var answer = await echo.Ask<string>(message, Deadline);
            Sender.Tell(answer);
        });
    }
}
