using Akka.Actor;
using Akka.Subset.Tests.Support;
using Xunit;

namespace Akka.Subset.Tests;

/// <summary>§9.1: at most once, in order between a sender and a receiver.</summary>
public sealed class OrderTests : ActorTest
{
    private sealed record Numbered(int Sender, int Number);

    [Fact]
    public async Task Messages_of_four_threads_arrive_once_and_in_the_order_of_each_thread()
    {
        const int threads = 4;
        const int messages = 2000;
        var done = new TaskCompletionSource();
        var next = new int[threads];
        var total = 0;
        string? disorder = null;
        var receiver = Act((_, message) =>
        {
            var (sender, number) = (Numbered)message;
            if (next[sender]++ != number)
            {
                disorder ??= $"thread {sender} sent {next[sender] - 1}, {number} arrived";
            }

            if (++total == threads * messages)
            {
                done.SetResult();
            }
        });

        await Soon(Task.WhenAll(Enumerable.Range(0, threads).Select(sender => Task.Run(() =>
        {
            for (var number = 0; number < messages; number++)
            {
                receiver.Tell(new Numbered(sender, number), ActorRefs.NoSender);
            }
        }))));
        await Soon(done.Task);

        Assert.Null(disorder);
    }

    [Fact]
    public async Task A_million_messages_through_ten_thousand_actors_keep_the_order_of_each_pair()
    {
        const int actors = 10_000;
        const int rounds = 50;
        var done = new TaskCompletionSource();
        var left = actors * rounds;
        var disorders = 0;

        // Each actor passes what it gets on to a collector of its own: a million messages over two hops.
        var entries = new IActorRef[actors];
        for (var i = 0; i < actors; i++)
        {
            var expected = 0;
            var last = Act((_, message) =>
            {
                if ((int)message != expected++)
                {
                    Interlocked.Increment(ref disorders);
                }

                if (Interlocked.Decrement(ref left) == 0)
                {
                    done.SetResult();
                }
            });
            entries[i] = Act((context, message) => last.Tell(message, context.Self));
        }

        var numbers = Enumerable.Range(0, rounds).Select(number => (object)number).ToArray();
        foreach (var number in numbers)
        {
            foreach (var entry in entries)
            {
                entry.Tell(number, ActorRefs.NoSender);
            }
        }

        await done.Task.WaitAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(0, disorders);
    }
}
