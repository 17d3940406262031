using Akka.Actor;
using Akka.Subset.Tests.Support;
using Xunit;

namespace Akka.Subset.Tests;

/// <summary>Semantics 17: the coordinated shutdown.</summary>
public sealed class CoordinatedShutdownTests : ActorTest
{
    private static readonly string[] Order =
    [
        CoordinatedShutdown.PhaseBeforeServiceUnbind,
        CoordinatedShutdown.PhaseServiceUnbind,
        CoordinatedShutdown.PhaseServiceRequestsDone,
        CoordinatedShutdown.PhaseServiceStop,
        CoordinatedShutdown.PhaseBeforeClusterShutdown,
        CoordinatedShutdown.PhaseClusterShardingShutdownRegion,
        CoordinatedShutdown.PhaseClusterLeave,
        CoordinatedShutdown.PhaseClusterExiting,
        CoordinatedShutdown.PhaseClusterExitingDone,
        CoordinatedShutdown.PhaseClusterShutdown,
        CoordinatedShutdown.PhaseBeforeActorSystemTerminate,
        CoordinatedShutdown.PhaseActorSystemTerminate,
    ];

    private readonly Journal _journal = new();

    private CoordinatedShutdown Shutdown => CoordinatedShutdown.Get(Sys);

    [Fact]
    [Trait(Semantics.Trait, "17a")]
    public async Task The_phases_run_in_order_and_the_system_ends()
    {
        foreach (var phase in Order.Reverse())
        {
            Add(phase, phase);
        }

        await Soon(Shutdown.Run(CoordinatedShutdown.ClrExitReason.Instance));

        Assert.Equal(Order, _journal.Entries);
        Assert.True(Sys.WhenTerminated.IsCompletedSuccessfully);
        Assert.Same(CoordinatedShutdown.ClrExitReason.Instance, Shutdown.ShutdownReason);
    }

    [Fact]
    public async Task It_runs_once_and_later_calls_wait_for_the_first()
    {
        Add(CoordinatedShutdown.PhaseServiceStop, "stop");

        var first = Shutdown.Run(CoordinatedShutdown.UnknownReason.Instance);
        var second = Shutdown.Run(CoordinatedShutdown.ClrExitReason.Instance);
        await Soon(Task.WhenAll(first, second));

        Assert.Same(CoordinatedShutdown.UnknownReason.Instance, Shutdown.ShutdownReason);
        _journal.Expect("stop");
    }

    [Fact]
    public async Task It_can_begin_at_a_later_phase()
    {
        Add(CoordinatedShutdown.PhaseServiceUnbind, "unbind");
        Add(CoordinatedShutdown.PhaseServiceStop, "stop");

        await Soon(Shutdown.Run(
            CoordinatedShutdown.UnknownReason.Instance, CoordinatedShutdown.PhaseServiceRequestsDone));

        _journal.Expect("stop");
    }

    [Fact]
    public async Task Terminate_runs_it()
    {
        Add(CoordinatedShutdown.PhaseServiceUnbind, "unbind");

        await Soon(Sys.Terminate());

        _journal.Expect("unbind");
        Assert.Same(CoordinatedShutdown.ActorSystemTerminateReason.Instance, Shutdown.ShutdownReason);
    }

    [Fact]
    [Trait(Semantics.Trait, "17b")]
    public async Task A_phase_that_takes_too_long_is_left_behind()
    {
        var entered = new TaskCompletionSource();
        var never = new TaskCompletionSource<Done>();
        Shutdown.AddTask(CoordinatedShutdown.PhaseServiceRequestsDone, "drain", () =>
        {
            entered.SetResult();
            return never.Task;
        });
        Add(CoordinatedShutdown.PhaseServiceStop, "stop");

        var run = Shutdown.Run(CoordinatedShutdown.UnknownReason.Instance);
        await Soon(entered.Task);
        Assert.True(SpinWait.SpinUntil(() => Time.ActiveTimers > 0, Deadline), "the phase has no timeout");
        Time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.Empty(_journal.Entries);
        Time.Advance(TimeSpan.FromSeconds(0.1));

        await Soon(run);
        _journal.Expect("stop");
    }

    [Fact]
    public async Task A_task_that_fails_does_not_keep_the_others_from_running()
    {
        Shutdown.AddTask(
            CoordinatedShutdown.PhaseServiceUnbind, "fails", () => Task.FromException<Done>(new IOException()));
        Shutdown.AddTask(CoordinatedShutdown.PhaseServiceUnbind, "throws", () => throw new IOException());
        Add(CoordinatedShutdown.PhaseServiceUnbind, "unbind");
        Add(CoordinatedShutdown.PhaseServiceStop, "stop");

        await Soon(Shutdown.Run(CoordinatedShutdown.UnknownReason.Instance));

        _journal.Expect("unbind", "stop");
    }

    [Fact]
    [Trait(Semantics.Trait, "17b")]
    public void A_phase_has_five_seconds_and_an_unknown_one_is_refused()
    {
        Assert.Equal(TimeSpan.FromSeconds(5), Shutdown.Timeout(CoordinatedShutdown.PhaseServiceUnbind));
        Assert.Throws<ArgumentException>(() => Shutdown.Timeout("lunch"));
        Assert.Throws<ArgumentException>(() => Add("lunch", "eat"));
    }

    private void Add(string phase, string entry) => Shutdown.AddTask(phase, entry, () =>
    {
        _journal.Add(entry);
        return Task.FromResult(Done.Instance);
    });
}

/// <summary>Semantics 17: what can be configured.</summary>
public sealed class ConfiguredShutdownTests() : ActorTest(
    """
    akka.coordinated-shutdown {
      default-phase-timeout = 7s
      phases {
        service-requests-done { timeout = 2m, recover = off }
        service-unbind.enabled = off
      }
    }
    """)
{
    [Fact]
    public async Task Timeouts_recovery_and_phases_can_be_configured()
    {
        var shutdown = CoordinatedShutdown.Get(Sys);
        var ran = false;
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceUnbind, "disabled", () =>
        {
            ran = true;
            return Task.FromResult(Done.Instance);
        });
        shutdown.AddTask(
            CoordinatedShutdown.PhaseServiceRequestsDone, "fails", () => Task.FromException<Done>(new IOException()));

        Assert.Equal(TimeSpan.FromSeconds(7), shutdown.Timeout(CoordinatedShutdown.PhaseServiceStop));
        Assert.Equal(TimeSpan.FromMinutes(2), shutdown.Timeout(CoordinatedShutdown.PhaseServiceRequestsDone));
        await Assert.ThrowsAsync<IOException>(() => Soon(shutdown.Run(CoordinatedShutdown.UnknownReason.Instance)));
        Assert.False(ran);
    }
}
