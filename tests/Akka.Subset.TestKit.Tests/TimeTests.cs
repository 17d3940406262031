using Akka.Configuration;
using Akka.TestKit.Tests.Support;
using Xunit;

namespace Akka.TestKit.Tests;

public sealed class TimeTests() : KitTest("akka.test { timefactor = 2, default-timeout = 7s }")
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    [Fact]
    public void The_settings_are_the_configured_ones()
    {
        Assert.Equal(2, TestKitSettings.TestTimeFactor);
        Assert.Equal(TimeSpan.FromSeconds(7), TestKitSettings.DefaultTimeout);
        Assert.Equal(TimeSpan.FromSeconds(30), TestKitSettings.SingleExpectDefault);
        Assert.Equal(TimeSpan.FromSeconds(60), RemainingOrDefault);
        Assert.Equal(2 * Short, Dilated(Short));
        Assert.Equal(2 * Short, RemainingOrDilated(Short));
        Assert.Equal(Short, GetTimeoutOrDefault(Short));
        Assert.Throws<ArgumentException>(() => RemainingOrDilated(Timeout.InfiniteTimeSpan));
        Assert.Throws<ConfigurationException>(() => new TestKitSettings("akka.test.timefactor = 0"));
    }

    [Fact]
    public void The_defaults_are_three_seconds_and_five()
    {
        var settings = new TestKitSettings(DefaultConfig);

        Assert.Equal(TimeSpan.FromSeconds(3), settings.SingleExpectDefault);
        Assert.Equal(TimeSpan.FromSeconds(3), settings.TestEventFilterLeeway);
        Assert.Equal(TimeSpan.FromSeconds(5), settings.DefaultTimeout);
        Assert.Equal(1, settings.TestTimeFactor);
    }

    [Fact]
    public async Task A_block_in_time_passes_and_returns_its_result()
    {
        Within(Long, () => Assert.InRange(Remaining, TimeSpan.Zero, 2 * Long));
        Assert.Equal(1, Within(Long, () => 1));
        await WithinAsync(Long, () => Task.CompletedTask);
        Assert.Equal(2, await WithinAsync(TimeSpan.Zero, Long, () => Task.FromResult(2)));
        Assert.Throws<InvalidOperationException>(() => Remaining);
    }

    [Fact]
    public async Task A_block_that_takes_too_long_or_too_short_fails()
    {
        Fails(() => Within(Short, () => Thread.Sleep(3 * Short)), "may take", (2 * Short).ToString());
        Fails(() => Within(Long, 2 * Long, () => { }, "slowly"), "must take", Long.ToString(), "slowly");
        await FailsAsync(() => WithinAsync(Short, () => Task.Delay(3 * Short)), "may take");
    }

    [Fact]
    public void A_wait_inside_of_a_block_is_bounded_by_it()
    {
        Fails(() => Within(Short, () => ExpectMsg<string>()), "none came");
        Within(Short, () => ExpectNoMsg());
        Within(Short, () => Within(Long, () => Assert.InRange(Remaining, TimeSpan.MinValue, 2 * Short)));
        Fails(() => Within(Short, () => Within(Long, 2 * Long, () => { })), "left");
    }

    [Fact]
    public async Task An_assertion_is_tried_until_it_passes()
    {
        var tries = 0;
        AwaitAssert(() => Assert.Equal(3, ++tries), interval: Short);
        await AwaitAssertAsync(() => Assert.Equal(5, ++tries), interval: Short);
        await AwaitAssertAsync(() => Task.Run(() => Assert.Equal(7, ++tries)), interval: Short);
        Assert.Equal(7, tries);
    }

    [Fact]
    public async Task An_assertion_that_never_passes_fails_as_it_did_last()
    {
        var tries = 0;
        Fails(() => AwaitAssert(() => Assert.Fail($"try {++tries}"), 2 * Short, Short), "try ");
        Assert.True(tries > 1);
        await FailsAsync(() => AwaitAssertAsync(() => Assert.Fail("no"), Short, Short), "no");
    }

    [Fact]
    public async Task A_condition_is_waited_for()
    {
        var tries = 0;
        AwaitCondition(() => ++tries == 2, null, Short);
        AwaitCondition(() => true);
        AwaitCondition(() => true, Short);
        AwaitCondition(() => true, Short, "at once");
        await AwaitConditionAsync(() => Task.FromResult(++tries == 4), null, Short);
        await AwaitConditionAsync(() => Task.FromResult(true));
        await AwaitConditionAsync(() => ++tries == 6, null, Short);
        await AwaitConditionAsync(() => true);
        await AwaitConditionAsync(() => true, Short, "at once");
    }

    [Fact]
    public async Task A_condition_can_be_waited_for_without_failing()
    {
        var tries = 0;
        Assert.True(AwaitConditionNoThrow(() => ++tries == 2, Long, Short));
        Assert.True(await AwaitConditionNoThrowAsync(() => ++tries == 4, Long, Short));
        Assert.True(await AwaitConditionNoThrowAsync(() => Task.FromResult(++tries == 6), Long, Short));
        Assert.False(AwaitConditionNoThrow(() => false, Short));
        Assert.False(await AwaitConditionNoThrowAsync(() => Task.FromResult(false), Short));
    }

    [Fact]
    public async Task A_condition_that_does_not_come_true_fails_with_its_message()
    {
        Fails(() => AwaitCondition(() => false, Short, "the moon"), "the moon", (2 * Short).ToString());
        await FailsAsync(() => AwaitConditionAsync(() => Task.FromResult(false), Short, "the sun"), "the sun");
    }

    [Fact]
    public void A_latch_opens_when_it_is_counted_down()
    {
        var latch = CreateTestLatch(2);
        Assert.False(latch.IsOpen);
        latch.CountDown();
        var failure = Assert.Throws<TimeoutException>(() => latch.Ready(Short));
        Assert.Contains("1 of 2", failure.Message);

        latch.CountDown();
        Assert.True(latch.IsOpen);
        latch.Ready();
        latch.Reset();
        Assert.False(latch.IsOpen);
        latch.Open();
        latch.Ready();
        Assert.Throws<ArgumentException>(() => latch.Ready(TimeSpan.MaxValue));
    }
}
