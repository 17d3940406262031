using Akka.Event;

namespace Akka.Actor;

/// <summary>
/// Ends a node in phases: the tasks of a phase run side by side, each phase has a timeout, and the next phase
/// begins when all tasks have ended or the time is over.
/// </summary>
public sealed partial class CoordinatedShutdown : IExtension
{
    /// <summary>Before new connections are refused.</summary>
    public const string PhaseBeforeServiceUnbind = "before-service-unbind";

    /// <summary>New connections are refused.</summary>
    public const string PhaseServiceUnbind = "service-unbind";

    /// <summary>Requests under way are finished.</summary>
    public const string PhaseServiceRequestsDone = "service-requests-done";

    /// <summary>Services are stopped.</summary>
    public const string PhaseServiceStop = "service-stop";

    /// <summary>Before the cluster is left.</summary>
    public const string PhaseBeforeClusterShutdown = "before-cluster-shutdown";

    /// <summary>Shard regions hand over.</summary>
    public const string PhaseClusterShardingShutdownRegion = "cluster-sharding-shutdown-region";

    /// <summary>The node leaves the cluster.</summary>
    public const string PhaseClusterLeave = "cluster-leave";

    /// <summary>Singletons hand over.</summary>
    public const string PhaseClusterExiting = "cluster-exiting";

    /// <summary>The cluster knows that the node has left.</summary>
    public const string PhaseClusterExitingDone = "cluster-exiting-done";

    /// <summary>The node's part of the cluster ends.</summary>
    public const string PhaseClusterShutdown = "cluster-shutdown";

    /// <summary>Before the actors are stopped.</summary>
    public const string PhaseBeforeActorSystemTerminate = "before-actor-system-terminate";

    /// <summary>The actors are stopped.</summary>
    public const string PhaseActorSystemTerminate = "actor-system-terminate";

    private readonly ShutdownPhases _phases;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<(string Name, Func<Task<Done>> Run)>> _tasks = new(StringComparer.Ordinal);
    private Task<Done>? _run;

    internal CoordinatedShutdown(ExtendedActorSystem system)
    {
        System = system;
        _phases = new ShutdownPhases(system.Settings.Config);
        if (system.Settings.CoordinatedShutdownTerminateActorSystem)
        {
            AddTask(PhaseActorSystemTerminate, "terminate-system", TerminateSystem);
        }
    }

    /// <summary>Why the shutdown runs; null before it does.</summary>
    public Reason? ShutdownReason { get; private set; }

    /// <summary>The system.</summary>
    public ExtendedActorSystem System { get; }

    /// <summary>The sum of the timeouts of the phases that have tasks.</summary>
    public TimeSpan TotalTimeout
    {
        get
        {
            lock (_lock)
            {
                return _tasks.Keys.Aggregate(TimeSpan.Zero, (sum, phase) => sum + Timeout(phase));
            }
        }
    }

    /// <summary>Returns the shutdown of a system.</summary>
    public static CoordinatedShutdown Get(ActorSystem sys) =>
        (CoordinatedShutdown)sys.RegisterExtension(CoordinatedShutdownExtension.Id);

    /// <summary>Adds a task to a phase that has not run yet.</summary>
    public void AddTask(string phase, string taskName, Func<Task<Done>> task)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentException.ThrowIfNullOrEmpty(taskName);
        _phases.Require(phase);
        lock (_lock)
        {
            if (!_tasks.TryGetValue(phase, out var tasks))
            {
                _tasks.Add(phase, tasks = []);
            }

            tasks.Add((taskName, task));
        }
    }

    /// <summary>Returns the timeout of a phase.</summary>
    public TimeSpan Timeout(string phase) => _phases.Require(phase).Timeout;

    /// <summary>Runs the phases, from the first or a later one. It runs once: later calls return its task.</summary>
    public Task<Done> Run(Reason reason, string? fromPhase = null)
    {
        ArgumentNullException.ThrowIfNull(reason);
        var phases = _phases.From(fromPhase);
        TaskCompletionSource<Done> done;
        lock (_lock)
        {
            if (_run is not null)
            {
                return _run;
            }

            done = new TaskCompletionSource<Done>(TaskCreationOptions.RunContinuationsAsynchronously);
            _run = done.Task;
            ShutdownReason = reason;
        }

        // Not on the caller's thread or context: it may be an actor that the shutdown will stop.
        _ = Task.Run(() => RunPhases(phases, done));
        return done.Task;
    }

    private async Task RunPhases(IReadOnlyList<ShutdownPhase> phases, TaskCompletionSource<Done> done)
    {
        try
        {
            foreach (var phase in phases.Where(phase => phase.Enabled))
            {
                await RunPhase(phase).ConfigureAwait(false);
            }

            done.TrySetResult(Done.Instance);
        }
        catch (Exception e)
        {
            done.TrySetException(e);
        }
    }

    private async Task RunPhase(ShutdownPhase phase)
    {
        (string Name, Func<Task<Done>> Run)[] tasks;
        lock (_lock)
        {
            tasks = _tasks.TryGetValue(phase.Name, out var added) ? [.. added] : [];
        }

        if (tasks.Length == 0)
        {
            return;
        }

        // The clock starts first: the tasks of the last phase stop the scheduler.
        using var cancelTimeout = new Cancelable(System.Scheduler);
        var timeout = After(phase.Timeout, cancelTimeout);
        var all = Task.WhenAll(tasks.Select(task => RunTask(phase, task.Name, task.Run)));
        if (await Task.WhenAny(all, timeout).ConfigureAwait(false) == all)
        {
            cancelTimeout.Cancel();
            await all.ConfigureAwait(false);
            return;
        }

        if (!phase.Recover)
        {
            throw new TimeoutException($"Phase [{phase.Name}] of the shutdown took longer than {phase.Timeout}");
        }

        System.Log.Warning(
            "Phase [{0}] of the shutdown took longer than {1}: the next phase begins", phase.Name, phase.Timeout);
    }

    private Task After(TimeSpan delay, Cancelable cancelable)
    {
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            System.Scheduler.Advanced.ScheduleOnce(delay, () => over.TrySetResult(), cancelable);
            return over.Task;
        }
        catch (SchedulerException)
        {
            // The system was ended from elsewhere; what is left of the shutdown still has its time.
            return Task.Delay(delay, cancelable.Token);
        }
    }

    private async Task RunTask(ShutdownPhase phase, string name, Func<Task<Done>> run)
    {
        try
        {
            await run().ConfigureAwait(false);
        }
        catch (Exception e) when (phase.Recover)
        {
            System.Log.Warning(e, "Task [{0}] of phase [{1}] of the shutdown failed", name, phase.Name);
        }
    }

    private async Task<Done> TerminateSystem()
    {
        ((ActorSystemImpl)System).StopGuardian();
        await System.WhenTerminated.ConfigureAwait(false);
        return Done.Instance;
    }
}

/// <summary>Finds the shutdown of a system.</summary>
public sealed class CoordinatedShutdownExtension : ExtensionIdProvider<CoordinatedShutdown>
{
    internal static readonly CoordinatedShutdownExtension Id = new();

    /// <inheritdoc/>
    public override CoordinatedShutdown CreateExtension(ExtendedActorSystem system) => new(system);
}
