using System.Collections;
using Akka.TestKit.Tests.Support;
using Xunit;

namespace Akka.TestKit.Tests;

public sealed class ReceiveTests : KitTest
{
    [Fact]
    public async Task One_message_is_received_or_none_in_time()
    {
        Come("one", "two", "three");

        Assert.True(HasMessages);
        Assert.Equal("one", PeekOne());
        Assert.Equal("one", ReceiveOne());
        Assert.Equal("two", await ReceiveOneAsync());
        Assert.True(TryReceiveOne(out var envelope));
        Assert.Equal("three", envelope.Message);
        Assert.False(HasMessages);
        Assert.Null(ReceiveOne(Short));
        Assert.Null(LastMessage);
        Assert.Null(await ReceiveOneAsync(Short));
        Assert.Null(await PeekOneAsync(Short));
        Assert.False(TryReceiveOne(out _, TimeSpan.Zero));
    }

    [Fact]
    public async Task A_message_that_was_looked_at_stays_to_be_received()
    {
        Come("one");

        Assert.Equal("one", PeekOne(CancellationToken.None));
        Assert.Equal("one", await PeekOneAsync(CancellationToken.None));
        Assert.True(TryPeekOne(out var seen, TimeSpan.Zero, CancellationToken.None));
        Assert.Equal("one", seen.Message);
        Assert.True((await TryPeekOneAsync(TimeSpan.Zero, CancellationToken.None)).success);
        ExpectMsg("one");
        Assert.False(TryPeekOne(out _, TimeSpan.Zero, CancellationToken.None));
        Assert.False((await TryPeekOneAsync(TimeSpan.Zero, CancellationToken.None)).success);
    }

    [Fact]
    public async Task A_cancelled_wait_receives_nothing()
    {
        using var cancel = new CancellationTokenSource();
        var wait = ReceiveOneAsync(Timeout.InfiniteTimeSpan, cancel.Token).AsTask();
        await cancel.CancelAsync();

        Assert.Null(await wait);
        Assert.Null(ReceiveOne(Timeout.InfiniteTimeSpan, cancel.Token));
    }

    [Fact]
    public async Task Several_messages_are_received_in_their_order()
    {
        Come(1, 2, 3, 4);

        Assert.Equal([1, 2], ReceiveN(2));
        var rest = new List<object>();
        await foreach (var message in ReceiveNAsync(2))
        {
            rest.Add(message);
        }

        Assert.Equal([3, 4], rest);
    }

    [Fact]
    public void Too_few_messages_fail_with_those_that_came()
    {
        Come("one", "two");

        Fails(() => ReceiveN(3, Short), "3 messages", "only 2 came", "[<one>, <two>]");
    }

    [Fact]
    public void Messages_are_received_while_the_filter_makes_something_of_them()
    {
        Come("a", "b", 3, "d");

        Assert.Equal(["A", "B"], ReceiveWhile(message => (message as string)?.ToUpperInvariant()));
        Assert.Equal("b", LastMessage);
        ExpectMsg(3);
        Assert.Equal(["d"], ReceiveWhile(Short, message => message as string));
        Assert.Empty(ReceiveWhile(TimeSpan.FromSeconds(30), Short, message => message as string));
    }

    [Fact]
    public void Messages_are_received_while_the_predicate_holds()
    {
        Come("a", 1, "b", "stop", "c");

        Assert.Equal(["a", "b"], ReceiveWhile<string>(text => text != "stop"));
        ExpectMsg("stop");
        Assert.Equal(["c"], ReceiveWhile<string>(_ => true, msgs: 1));
    }

    [Fact]
    public async Task Messages_of_other_types_end_it_when_they_are_not_left_out()
    {
        Come("a", 1, "b");

        Assert.Equal(["a"], ReceiveWhile<string>(_ => true, shouldIgnoreOtherMessageTypes: false));
        ExpectMsg(1);
        Assert.Equal(["b"], ReceiveWhile<string>(_ => true, msgs: 1));
    }

    [Fact]
    public async Task The_async_twins_receive_alike()
    {
        Come("a", "b", "c", 4, "e", 6);

        Assert.Equal(["a"], await All(ReceiveWhileAsync(message => message as string, msgs: 1)));
        Assert.Equal(["b"], await All(ReceiveWhileAsync(Short, message => message as string, msgs: 1)));
        Assert.Equal(["c"], await All(ReceiveWhileAsync(Short, Short, message => message as string)));
        Assert.Equal([4, 6], await All(ReceiveWhileAsync<int>(_ => true, msgs: 2)));
        Assert.Empty(await All(ReceiveWhileAsync<int>(_ => true, Short)));
    }

    [Fact]
    public async Task A_message_is_fished_out_of_others()
    {
        Come("a", 1, "b", 2, "c");
        var others = new ArrayList { "left over" };

        Assert.Equal(1, FishForMessage(message => message is int));
        Assert.Equal(2, FishForMessage<int>(_ => true, others));
        Assert.Equal(new ArrayList { "b" }, others);
        Assert.Equal("c", await FishForMessageAsync<string>(_ => true));
    }

    [Fact]
    public async Task A_message_that_does_not_come_fails_with_those_that_came()
    {
        Come("a", 1);

        Fails(() => FishForMessage<int>(n => n == 2, Short, "the answer"), "the answer", "[<a>, <1>]");
        await FailsAsync(async () => await FishForMessageAsync(_ => true, Short), "[]");
    }

    private static async Task<List<T>> All<T>(IAsyncEnumerable<T> messages)
    {
        var all = new List<T>();
        await foreach (var message in messages)
        {
            all.Add(message);
        }

        return all;
    }
}
