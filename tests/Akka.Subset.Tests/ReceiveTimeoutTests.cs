using Akka.Actor;
using Akka.Subset.Tests.Support;
using Xunit;

namespace Akka.Subset.Tests;

/// <summary>Semantics 14: the receive timeout.</summary>
public sealed class ReceiveTimeoutTests : ActorTest
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private sealed record Uninfluential : INotInfluenceReceiveTimeout;

    [Fact]
    [Trait(Semantics.Trait, "14c")]
    public async Task It_comes_again_and_again_while_the_actor_is_idle()
    {
        var (actor, probe) = await NewIdle(2 * Second);

        for (var i = 0; i < 3; i++)
        {
            Time.Advance(2 * Second);
            await probe.Expect<ReceiveTimeout>();
        }

        await Fence(actor, probe);
    }

    [Fact]
    public async Task A_message_begins_the_time_anew()
    {
        var (actor, probe) = await NewIdle(2 * Second);

        Time.Advance(1.5 * Second);
        await Fence(actor, probe);
        Time.Advance(1.5 * Second);
        await FenceWithoutInfluence(actor, probe);
        Time.Advance(0.5 * Second);

        await probe.Expect<ReceiveTimeout>();
    }

    [Fact]
    [Trait(Semantics.Trait, "14d")]
    public async Task A_message_marked_so_does_not_begin_the_time_anew()
    {
        var (actor, probe) = await NewIdle(2 * Second);

        Time.Advance(1.5 * Second);
        await FenceWithoutInfluence(actor, probe);
        Time.Advance(0.5 * Second);

        await probe.Expect<ReceiveTimeout>();
    }

    [Fact]
    public async Task It_can_be_ended()
    {
        var (actor, probe) = await NewIdle(2 * Second);

        Assert.Equal(2 * Second, await Soon(actor.Ask<TimeSpan>("timeout?")));
        await Soon(actor.Ask<object>("off"));
        Time.Advance(10 * Second);

        await Fence(actor, probe);
        Assert.Equal(0, ((TimerQueueScheduler)Sys.Scheduler).Count);
    }

    [Fact]
    public async Task It_ends_with_the_actor()
    {
        var (actor, _) = await NewIdle(2 * Second);

        await StopAndWait(actor);

        Assert.Equal(0, ((TimerQueueScheduler)Sys.Scheduler).Count);
    }

    private async Task<(IActorRef Actor, Probe Probe)> NewIdle(TimeSpan timeout)
    {
        var probe = NewProbe();
        var actor = Act((context, message) =>
        {
            switch (message)
            {
                case TimeSpan span:
                    context.SetReceiveTimeout(span);
                    context.Sender.Tell("set", context.Self);
                    break;
                case "off":
                    context.SetReceiveTimeout(null);
                    context.Sender.Tell("ended", context.Self);
                    break;
                case "timeout?":
                    context.Sender.Tell(context.ReceiveTimeout!.Value, context.Self);
                    break;
                case ReceiveTimeout:
                    probe.Ref.Tell(message, context.Self);
                    break;
                default:
                    context.Sender.Tell("handled", context.Self);
                    break;
            }
        });
        await Soon(actor.Ask<string>(timeout));
        await FenceWithoutInfluence(actor, probe);
        return (actor, probe);
    }

    private static async Task Fence(IActorRef actor, Probe probe)
    {
        await Soon(actor.Ask<string>("fence"));

        // The time of a message is taken when its handler has returned, which is after its answer.
        await FenceWithoutInfluence(actor, probe);
    }

    private static async Task FenceWithoutInfluence(IActorRef actor, Probe probe)
    {
        await Soon(actor.Ask<string>(new Uninfluential()));
        await probe.ExpectNothing();
    }
}
