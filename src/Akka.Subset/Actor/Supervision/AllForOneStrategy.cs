namespace Akka.Actor;

/// <summary>Does with all children what the failure of one of them asks for.</summary>
public class AllForOneStrategy : SupervisorStrategy, IEquatable<AllForOneStrategy>
{
    private readonly IDecider _decider;

    /// <summary>Creates the strategy with the defaults.</summary>
    protected AllForOneStrategy()
        : this(DefaultDecider)
    {
    }

    /// <summary>Creates the strategy with no limit of restarts.</summary>
    public AllForOneStrategy(IDecider decider)
        : this(-1, -1, decider)
    {
    }

    /// <summary>Creates the strategy with no limit of restarts.</summary>
    public AllForOneStrategy(Func<Exception, Directive> localOnlyDecider)
        : this(-1, -1, localOnlyDecider)
    {
    }

    /// <summary>Creates the strategy.</summary>
    /// <param name="maxNrOfRetries">How many restarts are allowed; null or negative for any number.</param>
    /// <param name="withinTimeRange">The time in which they are counted; null for all time.</param>
    /// <param name="decider">Chooses what to do.</param>
    public AllForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, IDecider decider)
        : this(maxNrOfRetries ?? -1, Milliseconds(withinTimeRange), decider)
    {
    }

    /// <summary>Creates the strategy.</summary>
    /// <param name="maxNrOfRetries">How many restarts are allowed; null or negative for any number.</param>
    /// <param name="withinTimeRange">The time in which they are counted; null for all time.</param>
    /// <param name="localOnlyDecider">Chooses what to do.</param>
    public AllForOneStrategy(
        int? maxNrOfRetries, TimeSpan? withinTimeRange, Func<Exception, Directive> localOnlyDecider)
        : this(maxNrOfRetries ?? -1, Milliseconds(withinTimeRange), localOnlyDecider)
    {
    }

    /// <summary>Creates the strategy.</summary>
    /// <param name="maxNrOfRetries">How many restarts are allowed; negative for any number.</param>
    /// <param name="withinTimeMilliseconds">The time in which they are counted; negative for all time.</param>
    /// <param name="localOnlyDecider">Chooses what to do.</param>
    /// <param name="loggingEnabled">Whether failures are logged.</param>
    public AllForOneStrategy(
        int maxNrOfRetries, int withinTimeMilliseconds, Func<Exception, Directive> localOnlyDecider,
        bool loggingEnabled = true)
        : this(maxNrOfRetries, withinTimeMilliseconds, Actor.Decider.From(localOnlyDecider), loggingEnabled)
    {
    }

    /// <summary>Creates the strategy.</summary>
    /// <param name="maxNrOfRetries">How many restarts are allowed; negative for any number.</param>
    /// <param name="withinTimeMilliseconds">The time in which they are counted; negative for all time.</param>
    /// <param name="decider">Chooses what to do.</param>
    /// <param name="loggingEnabled">Whether failures are logged.</param>
    public AllForOneStrategy(
        int maxNrOfRetries, int withinTimeMilliseconds, IDecider decider, bool loggingEnabled = true)
    {
        ArgumentNullException.ThrowIfNull(decider);
        MaxNumberOfRetries = maxNrOfRetries;
        WithinTimeRangeMilliseconds = withinTimeMilliseconds;
        _decider = decider;
        LoggingEnabled = loggingEnabled;
    }

    /// <inheritdoc/>
    public override IDecider Decider => _decider;

    /// <summary>How many restarts are allowed; negative for any number.</summary>
    public int MaxNumberOfRetries { get; }

    /// <summary>The time in which restarts are counted; negative for all time.</summary>
    public int WithinTimeRangeMilliseconds { get; }

    /// <inheritdoc/>
    public bool Equals(AllForOneStrategy? other) =>
        other is not null && MaxNumberOfRetries == other.MaxNumberOfRetries
        && WithinTimeRangeMilliseconds == other.WithinTimeRangeMilliseconds && Equals(Decider, other.Decider);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as AllForOneStrategy);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(MaxNumberOfRetries, WithinTimeRangeMilliseconds);

    /// <inheritdoc/>
    protected override Directive Handle(IActorRef child, Exception exception) => Decider.Decide(exception);

    internal override void ProcessFailure(
        ActorCell context, bool restart, LocalActorRef child, Exception cause,
        IReadOnlyList<LocalActorRef> children)
    {
        var now = context.SystemImpl.Scheduler.MonotonicClock;
        var window = Window(WithinTimeRangeMilliseconds);
        if (restart && children.All(each => each.Cell.Restarts.RequestRestart(MaxNumberOfRetries, window, now)))
        {
            foreach (var each in children)
            {
                // The child that failed has suspended itself.
                RestartChild(each, cause, suspendFirst: !ReferenceEquals(each, child));
            }
        }
        else
        {
            foreach (var each in children)
            {
                context.Stop(each);
            }
        }
    }
}
