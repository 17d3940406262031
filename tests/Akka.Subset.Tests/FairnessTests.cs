using Akka.Actor;
using Akka.Subset.Tests.Support;
using Xunit;

namespace Akka.Subset.Tests;

/// <summary>Actors that always have something to do leave room for the others.</summary>
public sealed class FairnessTests : ActorTest
{
    [Fact]
    public async Task Pairs_that_talk_without_end_keep_no_other_pair_from_its_turns()
    {
        const int pairs = 64;
        const int enough = 20_000;
        var done = new TaskCompletionSource();
        var turns = new int[pairs];
        for (var i = 0; i < pairs; i++)
        {
            var pair = i;
            var echo = Act((context, message) => context.Sender.Tell(message, context.Self));
            var counter = Act((context, message) =>
            {
                if (Interlocked.Increment(ref turns[pair]) == enough)
                {
                    done.TrySetResult();
                }

                echo.Tell(message, context.Self);
            });
            counter.Tell("go", ActorRefs.NoSender);
        }

        await Soon(done.Task);

        // Whoever has a thread that the machine has stopped in between falls behind, and no one else.
        var behind = turns.Count(count => Volatile.Read(ref count) < enough / 10);
        Assert.True(behind <= ThreadPool.ThreadCount, $"{behind} of {pairs} pairs got less than a tenth of the turns");
    }
}
