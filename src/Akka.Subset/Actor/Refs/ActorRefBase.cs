using Akka.Util;

namespace Akka.Actor;

/// <summary>Base of the references: equality by path and incarnation.</summary>
public abstract class ActorRefBase : IActorRef
{
    /// <summary>Creates the reference.</summary>
    protected ActorRefBase()
    {
    }

    /// <inheritdoc/>
    public abstract ActorPath Path { get; }

    /// <inheritdoc/>
    public void Tell(object message, IActorRef? sender) => TellInternal(message, sender);

    /// <summary>Sends the message.</summary>
    protected abstract void TellInternal(object message, IActorRef? sender);

    /// <inheritdoc/>
    public bool Equals(IActorRef? other) =>
        ReferenceEquals(this, other)
        || (other is not null && Path.Uid == other.Path.Uid && Path.Equals(other.Path));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as IActorRef);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var path = Path;
        return path.Uid == 0 ? path.GetHashCode() : path.Uid.GetHashCode();
    }

    /// <inheritdoc/>
    public int CompareTo(IActorRef? other)
    {
        if (other is null)
        {
            return 1;
        }

        var byPath = Path.CompareTo(other.Path);
        return byPath != 0 ? byPath : Path.Uid.CompareTo(other.Path.Uid);
    }

    /// <inheritdoc/>
    public int CompareTo(object? obj) =>
        obj is null or IActorRef
            ? CompareTo(obj as IActorRef)
            : throw new ArgumentException($"Cannot compare a reference with {obj.GetType()}", nameof(obj));

    /// <inheritdoc/>
    public override string ToString() => $"[{Path.ToStringWithUid()}]";

    /// <inheritdoc/>
    public virtual ISurrogate ToSurrogate(ActorSystem system) => new Surrogate(Path.ToSerializationFormat());

    /// <summary>The serializable form of a reference.</summary>
    public class Surrogate : ISurrogate
    {
        /// <summary>Creates the form.</summary>
        public Surrogate(string path)
        {
            Path = path;
        }

        /// <summary>The path, with address and incarnation.</summary>
        public string Path { get; }

        /// <inheritdoc/>
        public ISurrogated FromSurrogate(ActorSystem system) =>
            ((ExtendedActorSystem)system).Provider.ResolveActorRef(Path);
    }
}
