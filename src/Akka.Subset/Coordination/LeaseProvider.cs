using Akka.Actor;
using Akka.Configuration;
using Akka.Event;

namespace Akka.Coordination;

/// <summary>Makes the leases of a system, of the classes that the configuration names.</summary>
public class LeaseProvider : IExtension
{
    private const string DefaultPath = "akka.coordination.lease";

    private static readonly Config Defaults = ConfigurationFactory.ParseString(
        """
        akka.coordination.lease {
          lease-class = ""
          heartbeat-timeout = 120s
          heartbeat-interval = 12s
          lease-operation-timeout = 5s
        }
        """);

    private readonly ExtendedActorSystem _system;
    private readonly ILoggingAdapter _log;
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Name, string Path, string Owner), Lease> _leases = [];

    /// <summary>Creates the extension; a system has it from <see cref="Get"/>.</summary>
    public LeaseProvider(ExtendedActorSystem system)
    {
        _system = system;
        _log = Logging.GetLogger(system, nameof(LeaseProvider));
    }

    /// <summary>Returns the extension of a system.</summary>
    public static LeaseProvider Get(ActorSystem system) =>
        system.WithExtension<LeaseProvider, LeaseProviderExtensionProvider>();

    /// <summary>What applies where the configuration of a lease says nothing.</summary>
    public static Config DefaultConfig() => Defaults;

    /// <summary>
    /// Returns the lease of that name for that owner: the same object each time. <paramref name="configPath"/> names
    /// the part of the configuration that has the lease's class as <c>lease-class</c>; the class has a constructor
    /// with a <see cref="LeaseSettings"/> and, if it wants, an <see cref="ExtendedActorSystem"/> behind it.
    /// </summary>
    /// <exception cref="ArgumentException">No class is named.</exception>
    /// <exception cref="TypeLoadException">There is no such class.</exception>
    public Lease GetLease(string leaseName, string configPath, string ownerName)
    {
        var key = (leaseName, configPath, ownerName);
        lock (_lock)
        {
            if (!_leases.TryGetValue(key, out var lease))
            {
                lease = Create(leaseName, configPath, ownerName);
                _leases.Add(key, lease);
            }

            return lease;
        }
    }

    private Lease Create(string leaseName, string configPath, string ownerName)
    {
        var configured = _system.Settings.Config;
        var config = configured.GetConfig(configPath)
            .WithFallback(configured.GetConfig(DefaultPath))
            .WithFallback(Defaults.GetConfig(DefaultPath));
        var settings = LeaseSettings.Create(config, leaseName, ownerName);
        var className = config.GetString("lease-class");
        if (string.IsNullOrEmpty(className))
        {
            throw new ArgumentException($"[{configPath}.lease-class] must not be empty", nameof(configPath));
        }

        var type = ConfiguredType.TryFind(className)
            ?? throw new TypeLoadException($"[{configPath}.lease-class] names [{className}], which cannot be found");
        try
        {
            return Instantiate(type, settings);
        }
        catch (Exception e)
        {
            _log.Error(
                e,
                "Lease [{0}] cannot be made from class [{1}], which [{2}.lease-class] names: it must be a Lease with "
                + "a constructor that takes a LeaseSettings and perhaps an ExtendedActorSystem",
                leaseName, type, configPath);
            throw;
        }
    }

    private Lease Instantiate(Type type, LeaseSettings settings)
    {
        try
        {
            return (Lease)Activator.CreateInstance(type, settings, _system)!;
        }
        catch (MissingMethodException)
        {
            return (Lease)Activator.CreateInstance(type, settings)!;
        }
    }
}

/// <summary>Finds the extension of a system that makes leases.</summary>
public class LeaseProviderExtensionProvider : ExtensionIdProvider<LeaseProvider>
{
    /// <inheritdoc/>
    public override LeaseProvider CreateExtension(ExtendedActorSystem system) => new(system);
}
