using System.Collections.Immutable;
using Akka.Util;

namespace Akka.Actor.Setup;

/// <summary>A part of what a system is set up with.</summary>
public abstract class Setup
{
    /// <summary>Joins this part and another.</summary>
    public ActorSystemSetup And(Setup other) => ActorSystemSetup.Create(this, other);
}

/// <summary>What a system is set up with: one part of each class.</summary>
public sealed class ActorSystemSetup
{
    /// <summary>Nothing.</summary>
    public static readonly ActorSystemSetup Empty = new(ImmutableDictionary<Type, Setup>.Empty);

    private readonly ImmutableDictionary<Type, Setup> _parts;

    private ActorSystemSetup(ImmutableDictionary<Type, Setup> parts)
    {
        _parts = parts;
    }

    /// <summary>Joins parts; of two of one class the last counts.</summary>
    public static ActorSystemSetup Create(params Setup[] setup) =>
        new(setup.Aggregate(Empty._parts, (parts, part) => parts.SetItem(part.GetType(), part)));

    /// <summary>Returns a part, if there is one of that class.</summary>
    public Option<T> Get<T>()
        where T : Setup =>
        _parts.TryGetValue(typeof(T), out var part) ? Option<T>.Create((T)part) : Option<T>.None;

    /// <summary>Adds a part, or replaces the one of its class.</summary>
    public ActorSystemSetup WithSetup<T>(T setup)
        where T : Setup =>
        new(_parts.SetItem(setup.GetType(), setup));

    /// <summary>Adds a part, or replaces the one of its class.</summary>
    public ActorSystemSetup And<T>(T setup)
        where T : Setup =>
        WithSetup(setup);

    /// <inheritdoc/>
    public override string ToString() => $"ActorSystemSetup({string.Join(", ", _parts.Keys.Select(t => t.Name))})";
}

/// <summary>Makes the scheduler of a system run by another clock.</summary>
internal sealed class TimeProviderSetup(TimeProvider timeProvider) : Setup
{
    internal TimeProvider TimeProvider { get; } = timeProvider;
}
