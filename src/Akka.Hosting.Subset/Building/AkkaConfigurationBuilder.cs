using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Serialization;
using Akka.Util;
using Microsoft.Extensions.DependencyInjection;

namespace Akka.Hosting;

/// <summary>Starts actors in a system that has just been started.</summary>
public delegate Task ActorStarter(ActorSystem system, IActorRegistry registry);

/// <summary>Does something once all actors have been started.</summary>
public delegate Task StartupTask(ActorSystem system, IActorRegistry registry);

/// <summary>Collects what an actor system is made of, and what is started in it.</summary>
public sealed class AkkaConfigurationBuilder
{
    private readonly List<Setup> _setups = [];
    private readonly List<Type> _extensions = [];
    private readonly List<ActorStarter> _starters = [];
    private readonly List<StartupTask> _startups = [];
    private readonly List<CustomSerializer> _serializers = [];

    /// <summary>Creates the builder.</summary>
    [SuppressMessage("Style", "IDE0060", Justification = "The parameter is Akka.Hosting's.")]
    public AkkaConfigurationBuilder(IServiceCollection serviceCollection, string actorSystemName)
    {
        ActorSystemName = actorSystemName;
    }

    /// <summary>The configuration as it is so far.</summary>
    public Option<Config> Configuration { get; private set; } = Option<Config>.None;

    internal string ActorSystemName { get; }

    /// <summary>Adds a delegate that starts actors; the delegates run in this order.</summary>
    public AkkaConfigurationBuilder StartActors(Action<ActorSystem, IActorRegistry> starter)
    {
        ArgumentNullException.ThrowIfNull(starter);
        return StartActors((system, registry) =>
        {
            starter(system, registry);
            return Task.CompletedTask;
        });
    }

    /// <summary>Adds a delegate that starts actors; the delegates run in this order, one after the other.</summary>
    public AkkaConfigurationBuilder StartActors(ActorStarter starter)
    {
        ArgumentNullException.ThrowIfNull(starter);
        _starters.Add(starter);
        return this;
    }

    /// <summary>Adds a task that runs when all actors have been started.</summary>
    public AkkaConfigurationBuilder AddStartup(Action<ActorSystem, IActorRegistry> startupTask)
    {
        ArgumentNullException.ThrowIfNull(startupTask);
        return AddStartup((system, registry) =>
        {
            startupTask(system, registry);
            return Task.CompletedTask;
        });
    }

    /// <summary>Adds a task that runs when all actors have been started; the host starts when it has ended.</summary>
    public AkkaConfigurationBuilder AddStartup(StartupTask startupTask)
    {
        ArgumentNullException.ThrowIfNull(startupTask);
        _startups.Add(startupTask);
        return this;
    }

    /// <summary>Adds the serializer of some types.</summary>
    public AkkaConfigurationBuilder WithCustomSerializer(
        string serializerIdentifier,
        IEnumerable<Type> boundTypes,
        Func<ExtendedActorSystem, Serializer> serializerFactory)
    {
        _serializers.Add(new(serializerIdentifier, [.. boundTypes], serializerFactory));
        return this;
    }

    /// <summary>Has an extension made as soon as the system is there.</summary>
    public AkkaConfigurationBuilder WithExtension<T>()
        where T : IExtensionId =>
        WithExtensions(typeof(T));

    /// <summary>Has extensions made as soon as the system is there.</summary>
    /// <exception cref="ConfigurationException">One of the types is no <see cref="IExtensionId"/>.</exception>
    public AkkaConfigurationBuilder WithExtensions(params Type[] extensions)
    {
        ArgumentNullException.ThrowIfNull(extensions);
        if (Array.Find(extensions, type => !typeof(IExtensionId).IsAssignableFrom(type)) is { } wrong)
        {
            throw new ConfigurationException($"[{wrong}] is no IExtensionId");
        }

        _extensions.AddRange(extensions.Except(_extensions));
        return this;
    }

    internal AkkaConfigurationBuilder Add(Setup setup)
    {
        if (setup is BootstrapSetup bootstrap)
        {
            return bootstrap.Config.HasValue ? Add(bootstrap.Config.Value, HoconAddMode.Prepend) : this;
        }

        _setups.Add(setup);
        return this;
    }

    internal AkkaConfigurationBuilder Add(Config hocon, HoconAddMode addMode)
    {
        var current = Configuration.HasValue ? Configuration.Value : Config.Empty;
        Configuration = addMode switch
        {
            HoconAddMode.Append => current.WithFallback(hocon),
            HoconAddMode.Prepend or HoconAddMode.Replace => hocon.WithFallback(current),
            _ => throw new ArgumentOutOfRangeException(nameof(addMode), addMode, "Append, Prepend or Replace"),
        };
        return this;
    }

    /// <summary>Starts the system, with nothing in it yet.</summary>
    internal ActorSystem CreateSystem(IEnumerable<Setup> setups)
    {
        var bootstrap = BootstrapSetup.Create().WithConfig(Configuration.GetOrElse(Config.Empty));
        var setup = setups.Concat(_setups).Aggregate(ActorSystemSetup.Create(bootstrap), (all, one) => all.And(one));
        return ActorSystem.Create(
            ActorSystemName, _serializers.Count == 0 ? setup : setup.And(SerializationSetup.Create(Serializers)));
    }

    /// <summary>Starts what belongs into the system.</summary>
    internal async Task StartAsync(ActorSystem system)
    {
        foreach (var extension in _extensions)
        {
            system.RegisterExtension((IExtensionId)Activator.CreateInstance(extension)!);
        }

        var registry = ActorRegistry.For(system);
        foreach (var starter in _starters)
        {
            await starter(system, registry).ConfigureAwait(false);
        }

        foreach (var startup in _startups)
        {
            await startup(system, registry).ConfigureAwait(false);
        }
    }

    private ImmutableHashSet<SerializerDetails> Serializers(ExtendedActorSystem system) =>
        [.. _serializers.Select(s => SerializerDetails.Create(s.Identifier, s.Create(system), s.Types))];

    private sealed record CustomSerializer(
        string Identifier, ImmutableHashSet<Type> Types, Func<ExtendedActorSystem, Serializer> Create);
}
