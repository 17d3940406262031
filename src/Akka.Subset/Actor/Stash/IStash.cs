namespace Akka.Actor;

/// <summary>Keeps messages that an actor cannot handle yet.</summary>
public interface IStash
{
    /// <summary>How many messages it can hold; negative for any number.</summary>
    int Capacity { get; }

    /// <summary>How many messages it holds.</summary>
    int Count { get; }

    /// <summary>Whether it holds none.</summary>
    bool IsEmpty { get; }

    /// <summary>Whether it can hold no more.</summary>
    bool IsFull { get; }

    /// <summary>Whether it holds any.</summary>
    bool NonEmpty { get; }

    /// <summary>Keeps the message that is being handled.</summary>
    /// <exception cref="IllegalActorStateException">The message is in the stash already.</exception>
    /// <exception cref="StashOverflowException">The stash is full.</exception>
    void Stash();

    /// <summary>Puts the oldest message in front of the mailbox.</summary>
    void Unstash();

    /// <summary>Puts all messages, in their order, in front of the mailbox.</summary>
    void UnstashAll();

    /// <summary>Puts the messages that pass the test in front of the mailbox and keeps the others.</summary>
    void UnstashAll(Func<Envelope, bool> predicate);

    /// <summary>Takes all messages out.</summary>
    IEnumerable<Envelope> ClearStash();

    /// <summary>Adds messages in front of those in the stash.</summary>
    void Prepend(IEnumerable<Envelope> envelopes);
}

/// <summary>An actor with a stash. It is there from the first message, not in the constructor.</summary>
public interface IActorStash
{
    /// <summary>The stash.</summary>
    IStash Stash { get; set; }
}

/// <summary>An actor with a stash on any mailbox.</summary>
public interface IWithUnrestrictedStash : IActorStash;

/// <summary>An actor with a stash.</summary>
public interface IWithStash : IWithUnrestrictedStash;

/// <summary>An actor with a stash without a limit.</summary>
public interface IWithUnboundedStash : IWithUnrestrictedStash;

/// <summary>An untyped actor with a stash.</summary>
public abstract class UntypedActorWithStash : UntypedActor, IWithStash
{
    /// <inheritdoc/>
    public IStash Stash { get; set; } = null!;
}

/// <summary>An untyped actor with a stash without a limit.</summary>
public abstract class UntypedActorWithUnboundedStash : UntypedActor, IWithUnboundedStash
{
    /// <inheritdoc/>
    public IStash Stash { get; set; } = null!;
}
