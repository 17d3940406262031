using Akka.TestKit.Tests.Support;
using Xunit;

namespace Akka.TestKit.Tests;

public sealed class ExpectMsgFromTests : KitTest
{
    [Fact]
    public void A_message_from_the_sender_passes_in_every_form()
    {
        var probe = CreateTestProbe();
        for (var i = 1; i <= 6; i++)
        {
            TestActor.Tell(i, probe.Ref);
        }

        Assert.Equal(1, ExpectMsgFrom<int>(probe.Ref));
        ExpectMsgFrom(probe.Ref, 2);
        ExpectMsgFrom<int>(probe.Ref, n => n == 3);
        ExpectMsgFrom<int>(sender => sender.Equals(probe.Ref), n => n == 4);
        ExpectMsgFrom<int>(probe.Ref, n => Assert.Equal(5, n));
        ExpectMsgFrom<int>(sender => Assert.Equal(probe.Ref, sender), n => Assert.Equal(6, n));
    }

    [Fact]
    public void A_message_from_another_fails_with_both_senders()
    {
        var (expected, actual) = (CreateTestProbe("expected"), CreateTestProbe("actual"));
        TestActor.Tell(1, actual.Ref);
        TestActor.Tell(2, actual.Ref);

        Fails(() => ExpectMsgFrom<int>(expected.Ref), "expected", "actual", "<1>");
        Fails(() => ExpectMsgFrom<int>(sender => sender.Equals(expected.Ref), _ => true), "actual", "<2>");
    }

    [Fact]
    public void Another_message_from_the_sender_fails_with_it()
    {
        var probe = CreateTestProbe();
        TestActor.Tell(1, probe.Ref);

        Fails(() => ExpectMsgFrom(probe.Ref, 2), "1", "2");
    }

    [Fact]
    public async Task The_async_twins_pass_and_fail_alike()
    {
        var (one, two) = (CreateTestProbe("first"), CreateTestProbe("second"));
        for (var i = 1; i <= 4; i++)
        {
            TestActor.Tell(i, one.Ref);
        }

        await ExpectMsgFromAsync<int>(one.Ref);
        await ExpectMsgFromAsync(one.Ref, 2);
        await ExpectMsgFromAsync<int>(one.Ref, n => n == 3);
        await FailsAsync(async () => await ExpectMsgFromAsync<int>(two.Ref), "second", "first", "<4>");

        TestActor.Tell(5, one.Ref);
        await FailsAsync(async () => await ExpectMsgFromAsync<int>(
            sender => Assert.Equal(two.Ref, sender), _ => { }));
    }
}
