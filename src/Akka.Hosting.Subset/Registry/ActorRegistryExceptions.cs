namespace Akka.Hosting;

/// <summary>The registry cannot do what it is asked for.</summary>
public class ActorRegistryException : Exception
{
    /// <summary>Creates the exception.</summary>
    public ActorRegistryException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    public ActorRegistryException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>A key has an actor already.</summary>
public sealed class DuplicateActorRegistryException : ActorRegistryException
{
    /// <summary>Creates the exception.</summary>
    public DuplicateActorRegistryException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    public DuplicateActorRegistryException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>A key has no actor.</summary>
public sealed class MissingActorRegistryEntryException : ActorRegistryException
{
    /// <summary>Creates the exception.</summary>
    public MissingActorRegistryEntryException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    public MissingActorRegistryEntryException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
