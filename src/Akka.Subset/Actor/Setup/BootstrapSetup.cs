using System.Diagnostics.CodeAnalysis;
using Akka.Configuration;
using Akka.Util;

namespace Akka.Actor;

/// <summary>The part of a system's setup that is needed first.</summary>
public sealed class BootstrapSetup : Setup.Setup
{
    private BootstrapSetup(Option<Config> config, Option<ProviderSelection> provider)
    {
        Config = config;
        ActorRefProvider = provider;
    }

    /// <summary>The kind of system.</summary>
    public Option<ProviderSelection> ActorRefProvider { get; }

    /// <summary>The configuration.</summary>
    public Option<Config> Config { get; }

    internal Config ConfigOrEmpty => Config.GetOrElse(Configuration.Config.Empty);

    /// <summary>Creates an empty setup.</summary>
    public static BootstrapSetup Create() => new(Option<Config>.None, Option<ProviderSelection>.None);

    /// <summary>Returns a copy with a configuration.</summary>
    public BootstrapSetup WithConfig(Config config) => new(config, ActorRefProvider);

    /// <summary>Returns a copy whose configuration falls back to <paramref name="config"/>.</summary>
    public BootstrapSetup WithConfigFallback(Config config) =>
        new(Config.HasValue ? Config.Value.WithFallback(config) : config, ActorRefProvider);

    /// <summary>Returns a copy for a kind of system.</summary>
    public BootstrapSetup WithActorRefProvider(ProviderSelection name) => new(Config, name);
}

/// <summary>The kind of a system.</summary>
[SuppressMessage("Design", "CA1034", Justification = "The nested types are Akka.NET's API.")]
public abstract class ProviderSelection
{
    private protected ProviderSelection()
    {
    }

    /// <summary>A system within one process.</summary>
    public sealed class Local : ProviderSelection
    {
        /// <summary>The only instance.</summary>
        public static readonly Local Instance = new();

        private Local()
        {
        }
    }
}
