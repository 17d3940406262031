using System.Collections.Concurrent;

namespace Akka.Actor;

/// <summary>Something of which a system has one.</summary>
public interface IExtension;

/// <summary>Finds or makes the extension of a system.</summary>
public interface IExtensionId
{
    /// <summary>The class of the extension.</summary>
    Type ExtensionType { get; }

    /// <summary>Returns the extension of a system and makes it when there is none.</summary>
    object Apply(ActorSystem system);

    /// <summary>Makes the extension.</summary>
    object CreateExtension(ExtendedActorSystem system);

    /// <summary>Returns the extension of a system, if there is one.</summary>
    object? Get(ActorSystem system);
}

/// <summary>Finds or makes the extension of a system.</summary>
/// <typeparam name="T">Class of the extension.</typeparam>
public interface IExtensionId<out T> : IExtensionId
    where T : IExtension
{
    /// <summary>Returns the extension of a system and makes it when there is none.</summary>
    new T Apply(ActorSystem system);

    /// <summary>Makes the extension.</summary>
    new T CreateExtension(ExtendedActorSystem system);

    /// <summary>Returns the extension of a system, if there is one.</summary>
    new T Get(ActorSystem system);
}

/// <summary>Base of the ids of extensions.</summary>
/// <typeparam name="T">Class of the extension.</typeparam>
public abstract class ExtensionIdProvider<T> : IExtensionId<T>
    where T : IExtension
{
    /// <inheritdoc/>
    public Type ExtensionType => typeof(T);

    /// <inheritdoc/>
    public T Apply(ActorSystem system) => (T)system.RegisterExtension(this);

    /// <inheritdoc/>
    public abstract T CreateExtension(ExtendedActorSystem system);

    /// <inheritdoc/>
    public T Get(ActorSystem system) => (T)system.GetExtension(this)!;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is T;

    /// <inheritdoc/>
    public override int GetHashCode() => typeof(T).GetHashCode();

    object IExtensionId.Apply(ActorSystem system) => Apply(system);

    object IExtensionId.CreateExtension(ExtendedActorSystem system) => CreateExtension(system);

    object? IExtensionId.Get(ActorSystem system) => Get(system);
}

/// <summary>Shorter ways to extensions.</summary>
public static class ActorSystemWithExtensions
{
    /// <summary>Returns the extension of the id <typeparamref name="TI"/> and makes it when there is none.</summary>
    public static T WithExtension<T, TI>(this ActorSystem system)
        where T : class, IExtension
        where TI : IExtensionId =>
        system.GetExtension<T>() ?? (T)system.RegisterExtension(Activator.CreateInstance<TI>());
}

/// <summary>The extensions of a system.</summary>
internal sealed class ExtensionTable(ExtendedActorSystem system)
{
    private readonly ConcurrentDictionary<Type, Lazy<object>> _extensions = new();

    internal object Register(IExtensionId id) =>
        _extensions.GetOrAdd(id.ExtensionType, _ => new Lazy<object>(() => id.CreateExtension(system))).Value;

    internal object? Find(Type type)
    {
        if (_extensions.TryGetValue(type, out var exact))
        {
            return exact.Value;
        }

        return _extensions.FirstOrDefault(entry => type.IsAssignableFrom(entry.Key)).Value?.Value;
    }
}
