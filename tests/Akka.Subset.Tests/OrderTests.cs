using Akka.Actor;
using Akka.Subset.Tests.Support;
using Xunit;

namespace Akka.Subset.Tests;

/// <summary>Semantics 1: at most once, in order between a sender and a receiver.</summary>
public sealed class OrderTests : ActorTest
{
    private sealed record Numbered(int Sender, int Number);

    [Fact]
    [Trait(Semantics.Trait, "1a")]
    [Trait(Semantics.Trait, "1b")]
    public Task Messages_of_four_threads_arrive_once_and_in_the_order_of_each_thread() => Send(4, 1, 2000);

    [Fact]
    [Trait(Semantics.Trait, "1a")]
    [Trait(Semantics.Trait, "1b")]
    public Task A_million_messages_through_ten_thousand_actors_keep_the_order_of_each_pair() => Send(4, 10_000, 25);

    /// <summary>Has each sender send that many messages to each receiver, and checks them all.</summary>
    private async Task Send(int senders, int receivers, int messages)
    {
        using var left = new CountdownEvent(receivers);
        var disorders = 0;
        var targets = new IActorRef[receivers];
        for (var i = 0; i < receivers; i++)
        {
            targets[i] = Sys.ActorOf(Props.Create(() => new Checker(senders, messages, left)));
        }

        await Task.WhenAll(Enumerable.Range(0, senders).Select(sender => Task.Run(() =>
        {
            // Each sender goes round the receivers from another place.
            var first = sender * receivers / senders;
            for (var number = 0; number < messages; number++)
            {
                var message = new Numbered(sender, number);
                for (var i = 0; i < receivers; i++)
                {
                    targets[(first + i) % receivers].Tell(message, ActorRefs.NoSender);
                }
            }
        })));

        Assert.True(left.Wait(Deadline), $"{left.CurrentCount} receivers did not get all messages");
        foreach (var target in targets)
        {
            // A message that came twice was counted by now: all that was sent has been handled.
            var (count, disorder) = await Soon(target.Ask<(int, string?)>("count"));
            Assert.Equal(senders * messages, count);
            disorders += disorder is null ? 0 : 1;
        }

        Assert.Equal(0, disorders);
    }

    private sealed class Checker(int senders, int messages, CountdownEvent left) : UntypedActor
    {
        private readonly int[] _next = new int[senders];
        private int _count;
        private string? _disorder;

        protected override void OnReceive(object message)
        {
            if (message is not Numbered(var sender, var number))
            {
                Sender.Tell((_count, _disorder));
                return;
            }

            if (_next[sender]++ != number)
            {
                _disorder ??= $"{number} of sender {sender} came when {_next[sender] - 1} was to come";
            }

            if (++_count == senders * messages)
            {
                left.Signal();
            }
        }
    }
}
