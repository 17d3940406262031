using Akka.Actor;

namespace Akka.Hosting;

/// <summary>Finds actors by a type that stands for them.</summary>
public interface IReadOnlyActorRegistry : IEnumerable<KeyValuePair<Type, IActorRef>>
{
    /// <summary>Finds an actor; <see cref="ActorRefs.Nobody"/> when there is none.</summary>
    bool TryGet<TKey>(out IActorRef actor);

    /// <summary>Finds an actor; <see cref="ActorRefs.Nobody"/> when there is none.</summary>
    bool TryGet(Type key, out IActorRef actor);

    /// <summary>Returns an actor.</summary>
    /// <exception cref="MissingActorRegistryEntryException">There is none.</exception>
    IActorRef Get<TKey>();

    /// <summary>Returns an actor, as soon as there is one.</summary>
    Task<IActorRef> GetAsync<TKey>(CancellationToken ct = default);

    /// <summary>Returns an actor, as soon as there is one.</summary>
    Task<IActorRef> GetAsync(Type key, CancellationToken ct = default);
}

/// <summary>Keeps actors by a type that stands for them, for those who ask from outside the actor system.</summary>
public interface IActorRegistry : IReadOnlyActorRegistry
{
    /// <summary>Adds an actor.</summary>
    /// <exception cref="DuplicateActorRegistryException">There is one and it is not to be replaced.</exception>
    void Register<TKey>(IActorRef actor, bool overwrite = false);

    /// <summary>Adds an actor; false when there is one and it is not to be replaced.</summary>
    bool TryRegister<TKey>(IActorRef actor, bool overwrite = false);

    /// <summary>Adds an actor; false when there is one and it is not to be replaced.</summary>
    bool TryRegister(Type key, IActorRef actor, bool overwrite = false);
}
