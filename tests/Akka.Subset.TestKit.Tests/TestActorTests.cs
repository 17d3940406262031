using Akka.Actor;
using Akka.TestKit.Tests.Support;
using Xunit;

namespace Akka.TestKit.Tests;

public sealed class TestActorTests : KitTest
{
    [Fact]
    public void A_test_sends_in_the_name_of_its_test_actor()
    {
        ActorOf<Echo>().Tell("hello");

        ExpectMsg("hello");
    }

    [Fact]
    public async Task A_test_sends_in_the_name_of_its_test_actor_after_an_await_too()
    {
        var echo = ActorOf(() => new Echo(), "echo");
        for (var i = 0; i < 20; i++)
        {
            await Task.Yield();
            echo.Tell($"hello {i}");
            await ExpectMsgAsync($"hello {i}");
        }

        ActorSelection("/user/echo").Tell("by path", TestActor);
        await ExpectMsgAsync("by path");
    }

    [Fact]
    public void What_was_sent_to_the_test_actor_is_there_when_tell_returns()
    {
        TestActor.Tell(1);

        Assert.True(HasMessages);
        Assert.Equal(1, ReceiveOne(TimeSpan.Zero));
    }

    [Fact]
    public void An_actor_cannot_be_made_with_new_in_a_test_and_the_test_actor_lives_on()
    {
        Assert.Throws<ActorInitializationException>(() => new Echo());

        TestActor.Tell("still there");
        ExpectMsg("still there");
    }

    [Fact]
    public async Task An_actor_is_watched_until_it_is_unwatched()
    {
        var (watched, unwatched) = (ActorOf<Echo>(), ActorOf<Echo>());

        Assert.Same(watched, await WatchAsync(watched));
        await WatchAsync(unwatched);
        Assert.Same(unwatched, await UnwatchAsync(unwatched));
        Sys.Stop(unwatched);
        await unwatched.WatchAsync();
        Sys.Stop(watched);

        ExpectTerminated(watched);
        Assert.False(HasMessages);
    }

    [Fact]
    public void An_actor_is_selected_by_its_path_from_another()
    {
        var echo = ActorOf(() => new Echo(), "anchor");

        ActorSelection(echo, "../anchor").Tell("from itself", TestActor);

        ExpectMsg("from itself");
    }

    [Fact]
    public void Messages_are_left_out_as_long_as_the_test_says_so()
    {
        IgnoreMessages<int>(n => n > 1);
        Come(1, 2, "a");
        IgnoreMessages<string>();
        Come("b", 3);
        IgnoreMessages(message => message is "c");
        Come("c", "d");
        IgnoreNoMessages();
        Come("c");

        Assert.Equal([1, "a", 3, "d", "c"], ReceiveN(5));
        ExpectNoMsg(Short);
    }

    [Fact]
    public void A_pilot_answers_until_it_hands_over()
    {
        var probe = CreateTestProbe();
        probe.SetAutoPilot(new DelegateAutoPilot((sender, message) =>
        {
            sender.Tell($"re: {message}");
            return message is "last" ? AutoPilot.NoAutoPilot : AutoPilot.KeepRunning;
        }));
        foreach (var text in new[] { "first", "last", "unanswered" })
        {
            probe.Ref.Tell(text);
        }

        Assert.Equal(["re: first", "re: last"], ReceiveN(2));
        Assert.Equal(["first", "last", "unanswered"], probe.ReceiveN(3));
        ExpectNoMsg(Short);
        Assert.Throws<InvalidOperationException>(() => AutoPilot.KeepRunning.Run(TestActor, ""));
    }

    [Fact]
    public void A_probe_sends_replies_and_forwards()
    {
        var (probe, other) = (CreateTestProbe("prober"), CreateTestProbe());
        var echo = ActorOf<Echo>();

        probe.Send(echo, "echo");
        probe.ExpectMsg("echo");
        Assert.Equal(echo, probe.Sender);

        probe.Ref.Tell("ask");
        probe.ExpectMsg("ask");
        probe.Reply("answer");
        ExpectMsgFrom(probe.Ref, "answer");

        probe.Forward(other.Ref);
        other.ExpectMsgFrom(TestActor, "ask");
        probe.Forward(other.Ref, "instead");
        other.ExpectMsgFrom(TestActor, "instead");
    }

    [Fact]
    public void A_probe_stands_for_its_reference()
    {
        var probe = CreateTestProbe("standin");

        Assert.True(probe.Equals(probe.Ref));
        Assert.Equal(probe.Ref.GetHashCode(), probe.GetHashCode());
        Assert.Equal(0, probe.CompareTo(probe.Ref));
        Assert.Contains("standin", probe.ToString());
        ActorOf<Echo>().Tell("to a probe", probe);
        probe.ExpectMsg("to a probe");

        Watch(probe);
        Sys.Stop(probe);
        Assert.Equal(probe.Ref, ExpectTerminated(probe).ActorRef);
    }

    [Fact]
    public void Creating_a_probe_leaves_the_test_its_own_sender()
    {
        var probe = CreateTestProbe();

        ActorOf<Echo>().Tell("mine");

        ExpectMsg("mine");
        Assert.False(probe.HasMessages);
    }

    [Fact]
    public void A_test_actor_of_another_name_keeps_what_it_gets()
    {
        CreateTestActor("second").Tell("one");

        ExpectMsg("one");
    }
}

public sealed class NoImplicitSenderTests : KitTest, INoImplicitSender
{
    [Fact]
    public void A_test_without_implicit_sender_sends_in_nobodys_name()
    {
        TestActor.Tell("hello");

        ExpectMsg("hello");
        Assert.Equal(Sys.DeadLetters, LastSender);
    }
}
