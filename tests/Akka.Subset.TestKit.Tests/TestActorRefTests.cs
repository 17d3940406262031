using Akka.Actor;
using Akka.TestKit.Tests.Support;
using Xunit;

namespace Akka.TestKit.Tests;

public sealed class TestActorRefTests : KitTest
{
    [Fact]
    public void What_was_sent_has_been_handled_when_tell_returns()
    {
        var echo = ActorOfAsTestActorRef<Echo>("echo");

        for (var i = 1; i <= 250; i++)
        {
            echo.Tell("hello");
            Assert.Equal(i, echo.UnderlyingActor.Seen);
        }

        Assert.Equal(250, ReceiveN(250, TimeSpan.FromSeconds(1)).Count);
        Assert.Equal(echo.Ref, LastSender);
    }

    [Fact]
    public void It_is_the_actor_of_its_path()
    {
        var echo = ActorOfAsTestActorRef(() => new Echo(), "echo");

        Assert.Equal("akka://test/user/echo", echo.Path.ToString());
        Assert.True(echo == echo.Ref);
        Assert.True(TestActor != echo);
        Assert.Equal(0, echo.CompareTo(echo.Ref));
        Assert.Equal(echo.Ref.ToString(), echo.ToString());
        echo.Tell("for another", CreateTestProbe().Ref);
        ActorSelection("/user/echo").Tell("by path", TestActor);
        ExpectMsg("by path");
    }

    [Fact]
    public void A_failure_in_receive_is_the_callers()
    {
        var echo = ActorOfAsTestActorRef<Echo>(Props.Create<Echo>());
        var actor = echo.UnderlyingActor;

        Assert.Throws<FormatException>(() => echo.Receive(new FormatException("mine")));
        echo.Receive("hello", TestActor);

        ExpectMsg("hello");
        Assert.Same(actor, echo.UnderlyingActor);
    }

    [Fact]
    public void A_failure_in_tell_is_the_supervisors()
    {
        var echo = ActorOfAsTestActorRef<Echo>();
        var actor = echo.UnderlyingActor;

        EventFilter.Exception<FormatException>("yours").ExpectOne(() => echo.Tell(new FormatException("yours")));

        AwaitAssert(() => Assert.NotSame(actor, echo.UnderlyingActor), interval: Short);
        echo.Tell("hello");
        ExpectMsg("hello");
    }

    [Fact]
    public void An_actor_that_has_ended_cannot_be_looked_at()
    {
        var echo = ActorOfAsTestActorRef<Echo>("ended");
        Watch(echo);
        echo.Tell(PoisonPill.Instance);

        ExpectTerminated(echo);
        var failure = Assert.Throws<IllegalActorStateException>(() => echo.UnderlyingActor);
        Assert.Contains("ended", failure.Message);
        Assert.Throws<IllegalActorStateException>(() => echo.Receive("hello"));
    }

    [Fact]
    public void A_supervisor_is_the_parent()
    {
        var parent = ActorOfAsTestActorRef<Echo>("parent");

        var child = ActorOfAsTestActorRef<Echo>(parent.Ref, "child");

        Assert.Equal(parent.Path / "child", child.Path);
        Assert.Throws<ArgumentException>(() => ActorOfAsTestActorRef<Echo>(Sys.DeadLetters));
    }
}
