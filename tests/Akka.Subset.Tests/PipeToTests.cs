using Akka.Actor;
using Akka.Subset.Tests.Support;
using Xunit;

namespace Akka.Subset.Tests;

/// <summary>Semantics 13: outcomes of tasks as messages.</summary>
public sealed class PipeToTests : ActorTest
{
    [Fact]
    [Trait(Semantics.Trait, "13a")]
    [Trait(Semantics.Trait, "13b")]
    public async Task A_result_is_sent_without_a_sender_unless_one_is_given()
    {
        var probe = NewProbe();

        await Soon(Task.FromResult(7).PipeTo(probe.Ref));
        await probe.Expect(7);
        Assert.Equal(Sys.DeadLetters, probe.Sender);
        await Soon(ValueTask.FromResult(8).PipeTo(probe.Ref, probe.Ref));
        await probe.Expect(8);

        Assert.Equal(probe.Ref, probe.Sender);
    }

    [Fact]
    [Trait(Semantics.Trait, "13a")]
    public async Task A_failure_is_sent_as_status()
    {
        var probe = NewProbe();

        await Soon(Task.FromException<int>(new IOException("why")).PipeTo(probe.Ref));

        Assert.Equal("why", Assert.IsType<IOException>((await probe.Expect<Status.Failure>()).Cause).Message);
    }

    [Fact]
    [Trait(Semantics.Trait, "13a")]
    public async Task Cancellation_is_a_failure()
    {
        var probe = NewProbe();

        await Soon(Task.FromCanceled<int>(new CancellationToken(canceled: true)).PipeTo(probe.Ref));

        Assert.IsType<TaskCanceledException>((await probe.Expect<Status.Failure>()).Cause);
    }

    [Fact]
    public async Task Outcomes_can_be_turned_into_other_messages()
    {
        var probe = NewProbe();

        await Soon(Task.FromResult(7).PipeTo(probe.Ref, success: number => $"got {number}"));
        await Soon(Task.FromException<int>(new IOException("why"))
            .PipeTo(probe.Ref, failure: cause => $"failed: {cause.Message}"));

        await probe.Expect("got 7");
        await probe.Expect("failed: why");
    }

    [Fact]
    public async Task A_task_without_a_result_sends_only_what_it_is_told_to()
    {
        var probe = NewProbe();

        await Soon(Task.CompletedTask.PipeTo(probe.Ref));
        await Soon(Task.CompletedTask.PipeTo(probe.Ref, success: () => "done"));
        await Soon(Task.FromException(new IOException("why")).PipeTo(probe.Ref));

        await probe.Expect("done");
        Assert.Equal("why", (await probe.Expect<Status.Failure>()).Cause.Message);
    }
}
