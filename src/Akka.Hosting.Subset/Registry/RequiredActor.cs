using Akka.Actor;

namespace Akka.Hosting;

/// <summary>An actor of the registry, for the constructors of services.</summary>
/// <typeparam name="TActor">Key of the actor in the registry.</typeparam>
public interface IRequiredActor<TActor>
{
    /// <summary>The actor.</summary>
    /// <exception cref="MissingActorRegistryEntryException">It is not there yet; it can be waited for.</exception>
    IActorRef ActorRef { get; }

    /// <summary>Returns the actor, as soon as it is there.</summary>
    Task<IActorRef> GetAsync(CancellationToken cancellationToken = default);
}

/// <summary>Looks the actor up when it is first asked for, and keeps it.</summary>
/// <typeparam name="TActor">Key of the actor in the registry.</typeparam>
public sealed class RequiredActor<TActor> : IRequiredActor<TActor>
{
    private readonly IReadOnlyActorRegistry _registry;
    private IActorRef? _actor;

    /// <summary>Creates the service.</summary>
    public RequiredActor(IReadOnlyActorRegistry registry)
    {
        _registry = registry;
    }

    /// <inheritdoc/>
    public IActorRef ActorRef => _actor ??= _registry.TryGet<TActor>(out var actor)
        ? actor
        : throw new MissingActorRegistryEntryException(
            $"[{typeof(TActor)}] has no actor in the registry: a service that the host starts side by side with the "
            + "actor system waits for it with GetAsync");

    /// <inheritdoc/>
    public async Task<IActorRef> GetAsync(CancellationToken cancellationToken = default) =>
        _actor ??= await _registry.GetAsync<TActor>(cancellationToken).ConfigureAwait(false);
}
