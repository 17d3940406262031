using Akka.Actor;
using Akka.TestKit.Tests.Support;
using Xunit;

namespace Akka.TestKit.Tests;

public sealed class ExpectMsgTests : KitTest
{
    [Fact]
    public void A_message_of_the_type_is_returned_and_remembered_with_its_sender()
    {
        var probe = CreateTestProbe();
        TestActor.Tell("one", probe.Ref);

        Assert.Equal("one", ExpectMsg<string>());
        Assert.Equal("one", LastMessage);
        Assert.Equal(probe.Ref, LastSender);
    }

    [Fact]
    public void Another_type_fails_with_the_message_and_its_sender()
    {
        var probe = CreateTestProbe("stranger");
        TestActor.Tell("one", probe.Ref);

        Fails(() => ExpectMsg<int>(hint: "a count"), "System.Int32", "a count", "<one>", "System.String", "stranger");
    }

    [Fact]
    public void No_message_fails_with_the_type_and_the_time() =>
        Fails(() => ExpectMsg<int>(Short), "System.Int32", "none came", Short.ToString());

    [Fact]
    public void An_equal_message_passes_and_another_fails_with_both()
    {
        Come(1, 2);

        Assert.Equal(1, ExpectMsg(1));
        Fails(() => ExpectMsg(3, hint: "the third"), "3", "2", "the third");
    }

    [Fact]
    public void A_predicate_accepts_or_fails_with_the_message()
    {
        Come(4, 5);

        Assert.Equal(4, ExpectMsg<int>(n => n % 2 == 0));
        Fails(() => ExpectMsg<int>(n => n % 2 == 0, hint: "even"), "<5>", "not accepted", "even");
    }

    [Fact]
    public void An_assertion_passes_or_its_own_failure_is_thrown()
    {
        Come("{0}", "{1}");

        ExpectMsg<string>(text => Assert.StartsWith("{", text));
        Fails(() => ExpectMsg<string>(text => Assert.Equal("other", text)), "other", "{1}");
    }

    [Fact]
    public void Message_and_sender_are_judged_together()
    {
        var probe = CreateTestProbe();
        TestActor.Tell("one", probe.Ref);
        TestActor.Tell("two", probe.Ref);
        TestActor.Tell("three", probe.Ref);

        ExpectMsg<string>((text, sender) => text == "one" && sender.Equals(probe.Ref));
        ExpectMsg<string>((_, sender) => Assert.Equal(probe.Ref, sender));
        Fails(() => ExpectMsg<string>((_, sender) => sender.Equals(TestActor)), "<three>", probe.Ref.ToString()!);
    }

    [Fact]
    public void A_comparer_decides_what_is_equal()
    {
        Come("A", "b");

        ExpectMsg("a", (x, y) => string.Equals(x, y, StringComparison.OrdinalIgnoreCase));
        Fails(() => ExpectMsg("a", (x, y) => x == y), "Expected a", "got b");
    }

    [Fact]
    public void Braces_in_a_message_are_text()
    {
        Come("{5}");

        Fails(() => ExpectMsg<int>(), "{5}");
    }

    [Fact]
    public async Task The_async_twins_pass_and_fail_alike()
    {
        var probe = CreateTestProbe();
        TestActor.Tell("one", probe.Ref);
        Come("two", 3, 4, "five", "six");

        await ExpectMsgAsync<string>();
        await ExpectMsgAsync("two");
        await ExpectMsgAsync<int>(n => n == 3);
        await FailsAsync(async () => await ExpectMsgAsync<string>(), "<4>");
        await ExpectMsgAsync<string>((text, _) => text == "five");
        await ExpectMsgAsync("SIX", (x, y) => string.Equals(x, y, StringComparison.OrdinalIgnoreCase));
        await FailsAsync(async () => await ExpectMsgAsync<string>(Short), "none came");
    }

    [Fact]
    public async Task A_wait_that_is_cancelled_throws_that_it_was()
    {
        using var cancel = new CancellationTokenSource();
        var wait = ExpectMsgAsync<string>(cancellationToken: cancel.Token).AsTask();
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
    }

    [Fact]
    public void Silence_passes_and_a_message_fails_with_what_came()
    {
        ExpectNoMsg(Short);
        ExpectNoMsg(1);
        Come("late");
        Fails(() => ExpectNoMsg(Short), "<late>", "System.String");
    }

    [Fact]
    public async Task Silence_is_awaited_too()
    {
        await ExpectNoMsgAsync(Short);
        Come("late");
        await FailsAsync(async () => await ExpectNoMsgAsync(Short), "<late>");
    }

    [Fact]
    public void The_end_of_an_actor_is_expected_and_the_end_of_another_fails_with_both()
    {
        var (one, two) = (ActorOf<Echo>("one"), ActorOf<Echo>("two"));
        Watch(one);
        Sys.Stop(one);
        Assert.Equal(one, ExpectTerminated(one).ActorRef);

        Watch(two);
        Sys.Stop(two);
        Fails(() => ExpectTerminated(one), one.ToString()!, two.ToString()!);
    }

    [Fact]
    public async Task An_actor_that_lives_on_fails_with_its_name()
    {
        var one = Watch(ActorOf<Echo>("alive"));

        Fails(() => ExpectTerminated(one, Short), "alive", "none came");
        Unwatch(one);
        Sys.Stop(one);
        await one.WatchAsync();
        await ExpectNoMsgAsync(Short);
    }
}
